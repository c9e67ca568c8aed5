// Makes a picture small enough for a slow line before it waits on the telephone: upright, at most 1600 pixels long.

const LONGEST = 1600;
const QUALITY = 0.8;

/** The picture as a JPEG; throws when it is no picture that this browser can read. */
export async function compress(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) throw new Error("no picture");
  // A picture that was small already stays as it is.
  return file.type === "image/jpeg" && scale === 1 && file.size <= blob.size ? file.slice(0, file.size, "image/jpeg") : blob;
}
