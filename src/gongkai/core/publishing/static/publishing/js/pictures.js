/* Pictures inside the text. The body names an attachment and says what it shows; the page knows where the attachment lies.
   Nothing foreign and nothing inlined gets in: what is pasted or dropped as a file is uploaded and described first. */
import { Image } from "../../django_prose_editor/editor.js";

const SCHEME = "attachment:";
const KINDS = /^image\/(png|jpeg)$/;

export const Picture = Image.extend({
  addOptions() {
    return { ...this.parent?.(), inline: true, addressOf: (source) => source };
  },
  addAttributes: () => ({ src: { default: null }, alt: { default: "" } }),
  parseHTML: () => [{ tag: `img[src^="${SCHEME}"]` }],
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("img");
      dom.src = this.options.addressOf(node.attrs.src);
      dom.alt = node.attrs.alt;
      return { dom };
    };
  },
});

/* Where the page finds an attachment: its address is that of a made-up one, with the name of the real one put in. */
export function addressOf(form, source) {
  return form.dataset.files.replace("00000000-0000-0000-0000-000000000000", source.slice(SCHEME.length));
}

/* The dialogue: which file, and what it shows. For a picture that is there already only the second is asked. */
export function askForPicture(editor, form, file = null) {
  const dialog = document.getElementById("picture-dialog");
  const chosen = editor.isActive("image") && !file ? editor.getAttributes("image") : null;
  const [input, words, problem] = ["picture-file", "picture-words", "picture-problem"].map((id) => document.getElementById(id));
  document.getElementById("picture-choose").hidden = Boolean(chosen);
  input.value = "";
  words.value = chosen ? chosen.alt : "";
  problem.textContent = "";
  if (file) {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input.files = transfer.files;
  }
  document.getElementById("picture-put").onclick = async () => {
    problem.textContent = findProblem(input, words, chosen);
    if (problem.textContent) return;
    try {
      const source = chosen ? chosen.src : await upload(form, input.files[0]);
      const attributes = { src: source, alt: words.value.trim() };
      const chain = editor.chain().focus();
      (chosen ? chain.updateAttributes("image", attributes) : chain.insertContent({ type: "image", attrs: attributes })).run();
      dialog.close();
    } catch (refusal) {
      problem.textContent = refusal.message;
    }
  };
  dialog.showModal();
  (chosen || file ? words : input).focus();
}

function findProblem(input, words, chosen) {
  if (!chosen && !input.files.length) return "请选一张图片。";
  if (!words.value.trim()) return "请写明图上有什么：看不见图的人靠它，检索也靠它。";
  return "";
}

async function upload(form, file) {
  const body = new FormData();
  body.append("picture", file);
  const token = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] || "";
  let answer;
  try {
    answer = await fetch(form.dataset.picture, { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual" });
  } catch {
    throw new Error("连接断了，图片没有传上去。连上以后再按一次。");
  }
  if (answer.status === 401) throw new Error("登录已过期，图片没有传上去。请在新窗口登录，再按一次。");
  if (![200, 422].includes(answer.status)) throw new Error("图片没有传上去，请再按一次。");
  const told = await answer.json();
  if (answer.status === 422) throw new Error(told.words);
  return told.source;
}

/* A picture on the clipboard or dropped as a file; a paste that holds text as well is treated as text. */
export function findPicture(transfer) {
  if (!transfer || transfer.types.includes("text/html")) return null;
  return Array.from(transfer.files).find((file) => KINDS.test(file.type)) || null;
}
