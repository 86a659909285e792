// A picture from a file: made smaller in this browser, sent to the server, and named by the address it gets there.
import { call } from "./api.js";

/** Per field: the box that it has to fit into, its format, and how large it may be (bytes). */
export const KINDS = {
  image: { width: 1440, height: 1440, type: "image/jpeg", bytes: 200 * 1024 },
  icon: { width: 256, height: 256, type: "image/png", bytes: 200 * 1024 },
  badge: { width: 96, height: 96, type: "image/png", bytes: 100 * 1024 },
};

/** The size that fits into the box; never larger than it was. */
export function fitted({ width, height }, box) {
  const scale = Math.min(1, box.width / width, box.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** What the editor should know of the shape, or "". */
export function shapeWords(name, { width, height }) {
  if (name === "image") {
    if (Math.abs(width / height - 2) > 0.1) return `It is ${width} × ${height}: systems crop it to twice as wide as high.`;
    return width < 720 ? `It is ${width} × ${height}: below 720 × 360 it looks blurred.` : "";
  }
  return width === height ? "" : `It is ${width} × ${height}: a square is shown best.`;
}

async function drawn(bitmap, size, type, quality) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, size.width, size.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, type, quality); });
  if (!blob) throw new Error("this browser can’t write the picture");
  return blob;
}

/** Smaller by quality first, then by size, until it fits. */
async function shrunk(bitmap, { bytes, type, ...box }) {
  let size = fitted(bitmap, box);
  for (;;) {
    for (const quality of [0.85, 0.7, 0.55]) {
      const blob = await drawn(bitmap, size, type, quality);
      if (blob.size <= bytes || size.width < 64) return { blob, size };
      if (type === "image/png") break; // has no quality
    }
    size = fitted(size, { width: size.width * 0.8, height: size.height * 0.8 });
  }
}

/**
 * Sends a file for the field `name` ("image", "icon", "badge").
 * Returns {url, words}: what to put into the field, and what happened, in words
 * Throws  ApiError of the upload; Error in words when the file is no picture
 */
export async function uploadPicture(name, file) {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error("This file is no picture that this browser can read.");
  });
  const { blob, size } = await shrunk(bitmap, KINDS[name]);
  bitmap.close();
  const { url } = await call("POST", "/api/admin/images", blob);
  const smaller = blob.size < file.size ? `Made smaller: ${Math.ceil(file.size / 1024)} KB became ${Math.ceil(blob.size / 1024)} KB.` : `Sent: ${Math.ceil(blob.size / 1024)} KB.`;
  return { url, words: [smaller, shapeWords(name, size)].filter(Boolean).join(" ") };
}
