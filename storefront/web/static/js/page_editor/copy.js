// page_editor/copy.js
