// Adds preview, an instant check and progress to the file fields of components/file_upload.html.
// The form is an ordinary multipart form: without this module it is simply sent.

const TYPES = "image/jpeg,image/png";
const MEGABYTE = 1024 * 1024;

function say(field, text, color = "") {
  const status = field.querySelector(".upload__status");
  status.textContent = text;
  status.dataset.color = color;
  status.hidden = !text;
}

function pixels(url) {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
    image.onerror = () => resolve(null);
    image.src = url;
  });
}

async function fault(field, input, file, url) {
  const { maxMb, minWidth, minHeight, textType, textSize, textPixels } = field.dataset;
  if (!(input.accept || TYPES).split(",").includes(file.type)) return textType;
  if (file.size > Number(maxMb) * MEGABYTE) return textSize;
  if (!file.type.startsWith("image/")) return "";
  const size = await pixels(url);
  if (!size) return textType;
  if (size[0] < Number(minWidth || 0) || size[1] < Number(minHeight || 0)) return textPixels;
  return "";
}

async function chosen(field, input) {
  const preview = field.querySelector(".upload__preview");
  const [file] = input.files;
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.hidden = true;
  if (!file) return say(field, "");
  const url = URL.createObjectURL(file);
  const problem = await fault(field, input, file, url);
  if (problem === field.dataset.textType) return say(field, problem, "danger");
  if (file.type.startsWith("image/")) {
    preview.src = url;
    preview.hidden = false;
  }
  say(field, problem || `${field.dataset.textChosen} ${file.name}`, problem ? "danger" : "");
}

function openCamera(field, input, facing) {
  input.setAttribute("capture", facing);
  input.click();
  input.removeAttribute("capture");
}

function send(form, field, event) {
  const progress = field.querySelector(".upload__progress");
  const request = new XMLHttpRequest();
  const body = new FormData(form, event.submitter);
  event.preventDefault();
  request.open(form.method, form.action);
  request.upload.onprogress = ({ loaded, total }) => { progress.value = (100 * loaded) / total; };
  request.onload = () => {
    if (request.responseURL !== form.action && request.status < 400) {
      window.location.assign(request.responseURL);
      return;
    }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    document.querySelector("main").replaceWith(answer.querySelector("main"));
    document.title = answer.title;
    window.htmx?.process(document.querySelector("main"));
    document.querySelectorAll("main [data-upload]").forEach(enhance);
    document.querySelector("main [data-focus]")?.focus();
  };
  request.onerror = () => {
    progress.hidden = true;
    say(field, field.dataset.textFailed, "danger");
  };
  progress.hidden = false;
  say(field, field.dataset.textProgress);
  request.send(body);
}

function enhance(field) {
  const input = field.querySelector('input[type="file"]');
  const camera = field.querySelector("[data-camera]");
  if (!input || field.dataset.enhanced) return;
  field.dataset.enhanced = "yes";
  input.addEventListener("change", () => chosen(field, input));
  if (camera && matchMedia("(pointer: coarse)").matches) {
    camera.hidden = false;
    camera.addEventListener("click", () => openCamera(field, input, camera.dataset.camera));
  }
  const form = input.form;
  if (form && !form.dataset.enhanced && !form.hasAttribute("hx-post")) {
    form.dataset.enhanced = "yes";
    form.addEventListener("submit", (event) => {
      const busy = [...form.querySelectorAll("[data-upload]")].find((one) =>
        one.querySelector('input[type="file"]').files.length);
      if (busy) send(form, busy, event);
    });
  }
}

document.querySelectorAll("[data-upload]").forEach(enhance);
document.addEventListener("htmx:afterSettle", (event) =>
  event.target.querySelectorAll("[data-upload]").forEach(enhance));
