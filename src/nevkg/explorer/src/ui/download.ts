/** Saves content from the browser as a file. */
export function save(name: string, media: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type: media }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
