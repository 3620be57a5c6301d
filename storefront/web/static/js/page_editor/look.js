// page_editor/look.js
