// page_editor/blocks.js
