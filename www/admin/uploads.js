// Files beside the form's fields for pictures: chosen, made smaller, sent, and their address put into the field.
import { ApiError } from "./api.js";
import { showError } from "./fields.js";
import { outcome } from "./outcome.js";
import { KINDS, uploadPicture } from "./picture.js";

/** `changed` is called with the name of the field that got an address. */
export function offerUploads(form, changed) {
  for (const name of Object.keys(KINDS)) {
    const input = document.getElementById(`${name}-file`);
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      input.setAttribute("aria-busy", "true");
      try {
        const { url, words } = await uploadPicture(name, file);
        form.elements[name].value = url;
        document.getElementById(`${name}-help`).textContent = words;
        changed(name);
      } catch (error) {
        showError(form, name, error instanceof ApiError ? outcome(error).words : error.message, { focus: false });
      } finally {
        input.value = "";
        input.removeAttribute("aria-busy");
      }
    });
  }
}
