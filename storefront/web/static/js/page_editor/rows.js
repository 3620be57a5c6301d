// page_editor/rows.js
