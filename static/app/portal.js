// Small improvements to pages that already work without them.
import "./dialogs.js";
import "./focus.js";
import "./in_place.js";
import "./keeping.js";
import "./language.js";
import "./uploads.js";
