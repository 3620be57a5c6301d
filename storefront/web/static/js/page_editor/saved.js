// page_editor/saved.js
