// page_editor/words.js
