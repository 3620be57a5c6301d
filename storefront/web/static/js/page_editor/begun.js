// page_editor/begun.js
