/* The rich editor in the place of the plain text field. Without this file the field is a plain one, and everything still works.
   The package's own preset is not used: it injects a <style>, which the content security policy refuses, and its buttons are icons
   with English names. The package is addressed as a file, so that no import map, and hence no nonce, is needed. */
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Extension, Gapcursor, HardBreak, Heading, History, Italic, Link, ListItem,
  NoSpellCheck, OrderedList, Paragraph, Plugin, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text, pm,
} from "../../django_prose_editor/editor.js";

import { Picture, addressOf, askForPicture, findPicture } from "./pictures.js";

const { Decoration, DecorationSet } = pm.view || pm;

/* What the gate found, marked where it stands. A changed text loses its mark at once; the next save checks again.
   `here` is the number of the finding that has the focus in the panel: the editor alone may touch its own elements.
   While an input method composes, marks only move along: a mark drawn anew beside the composition would end it. */
const GateMarks = Extension.create({
  name: "gateMarks",
  addStorage: () => ({ marks: [] }),
  addCommands: () => ({
    showFinding:
      (number) =>
      ({ tr }) => {
        tr.setMeta("gateMarks", number);
        return true;
      },
  }),
  addProseMirrorPlugins() {
    const { editor, storage } = this;
    const decorate = (doc, here) => ({ here, set: DecorationSet.create(doc, storage.marks.flatMap((mark) => placesOf(doc, mark, mark.number === here))) });
    return [
      new Plugin({
        state: {
          init: (_, state) => decorate(state.doc, 0),
          apply(transaction, old) {
            const here = transaction.getMeta("gateMarks");
            if (here === undefined && !transaction.docChanged) return old;
            if (editor.view.composing) return { here: old.here, set: old.set.map(transaction.mapping, transaction.doc) };
            return decorate(transaction.doc, here === undefined ? old.here : here);
          },
        },
        props: {
          decorations(state) {
            return this.getState(state).set;
          },
        },
      }),
    ];
  },
});

function placesOf(doc, mark, isHere) {
  const found = [];
  const classes = `gate-mark ${mark.css}${isHere ? " is-here" : ""}`;
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    const words = node.textBetween(0, node.content.size, undefined, "\ufffc");
    for (let at = words.indexOf(mark.quote); at >= 0; at = words.indexOf(mark.quote, at + mark.quote.length)) {
      const from = position + 1 + at;
      const to = from + mark.quote.length;
      found.push(Decoration.inline(from, to, { class: classes, "data-finding": String(mark.number) }));
      found.push(Decoration.widget(to, () => numberOf(mark), { side: -1, key: `gate-${mark.number}-${at}` }));
    }
    return false;
  });
  return found;
}

function numberOf(mark) {
  const number = document.createElement("span");
  number.className = `gate-number ${mark.css}`;
  number.textContent = mark.number;
  return number;
}

/* What the server's own cleaning tells when script is off (cleaning.py): here the schema drops it before anything is sent. */
const DROPPED = {
  img: "图片", picture: "图片", svg: "图片", "v:imagedata": "图片", script: "脚本", style: "样式", iframe: "嵌入的网页", object: "嵌入的文件",
  embed: "嵌入的文件", video: "视频", audio: "音频", form: "表单", input: "表单", select: "表单", textarea: "表单", button: "表单", font: "字体和颜色",
};
const SILENT = /^(table|thead|tbody|tr|td|th|col|colgroup|meta|html|body)$/;
const RENAMED = { h1: "h2", h5: "h4", h6: "h4" };

/* Words nobody saw: unseen.py says the same for browsers without script. */
const HIDDEN = /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0[a-z%]*\s*(;|$)/i;
const UNSEEN = [
  ["批注", (one, style) => /mso-element\s*:\s*comment/i.test(style) || /msocom/i.test(one.className)],
  ["修订里删去的字", (one) => one.matches("del") || /\bmsodel\b/i.test(one.className)],
  ["隐藏的字", (one, style) => one.hidden || HIDDEN.test(style)],
];

function dropUnseen(html) {
  const found = new Map();
  if (!/<(del|ins)\b|mso|hidden|display|font-size/i.test(html)) return { html, found };
  const page = new DOMParser().parseFromString(html, "text/html");
  const note = (words) => found.set(words, (found.get(words) || 0) + 1);
  page.body.querySelectorAll("*").forEach((one) => {
    if (!page.body.contains(one)) return;
    const why = UNSEEN.find(([, isUnseen]) => isUnseen(one, one.getAttribute("style") || ""));
    if (why) {
      note(why[0]);
      one.remove();
    } else if (one.matches("ins") || /\bmsoins\b/i.test(one.className)) {
      note("修订标记（字留下）");
    }
  });
  return { html: page.body.innerHTML, found };
}

function countDropped(html, found) {
  const note = (words) => found.set(words, (found.get(words) || 0) + 1);
  for (const [, name, attributes] of html.replace(/<!--[\s\S]*?-->/g, "").matchAll(/<([a-z][a-z0-9:]*)\b([^>]*)>/gi)) {
    const tag = name.toLowerCase();
    const style = /\sstyle\s*=\s*("[^"]*"|'[^']*')/i.exec(attributes);
    if (tag === "img" && /\ssrc\s*=\s*["']?attachment:/i.test(attributes)) continue;
    if (DROPPED[tag]) note(DROPPED[tag]);
    else if (style && !SILENT.test(tag)) note(/color|font|background/i.test(style[1]) ? "字体和颜色" : "样式");
    if (/\son[a-z]+\s*=/i.test(attributes)) note("脚本");
    if (/\shref\s*=\s*["']?\s*(?:javascript|data|vbscript|file)\s*:/i.test(attributes)) note("不能公开的链接");
  }
  return [...found].map(([words, number]) => `${words} ${number} 处`);
}

/* Headings of a level that a text does not have become the nearest one, not plain paragraphs. */
function renameHeadings(html) {
  return html.replace(/<(\/?)(h1|h5|h6)(?=[\s/>])/gi, (_, slash, name) => `<${slash}${RENAMED[name.toLowerCase()]}`);
}

const inTable = (editor) => editor.isActive("table");

/* Words, what it does, when it is pressed in, when it is shown. */
const TOOLS = [
  ["正文", (chain) => chain.setParagraph(), (editor) => editor.isActive("paragraph") && !editor.isActive("listItem")],
  ["大标题", (chain) => chain.toggleHeading({ level: 2 }), (editor) => editor.isActive("heading", { level: 2 })],
  ["小标题", (chain) => chain.toggleHeading({ level: 3 }), (editor) => editor.isActive("heading", { level: 3 })],
  null,
  ["加粗", (chain) => chain.toggleBold(), (editor) => editor.isActive("bold")],
  ["上标", (chain) => chain.toggleSuperscript(), (editor) => editor.isActive("superscript")],
  ["下标", (chain) => chain.toggleSubscript(), (editor) => editor.isActive("subscript")],
  null,
  ["项目", (chain) => chain.toggleBulletList(), (editor) => editor.isActive("bulletList")],
  ["编号", (chain) => chain.toggleOrderedList(), (editor) => editor.isActive("orderedList")],
  null,
  ["插入表格", (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), null, (editor) => !inTable(editor)],
  ["加行", (chain) => chain.addRowAfter(), null, inTable],
  ["删行", (chain) => chain.deleteRow(), null, inTable],
  ["加列", (chain) => chain.addColumnAfter(), null, inTable],
  ["删列", (chain) => chain.deleteColumn(), null, inTable],
  ["合并或拆分单元格", (chain) => chain.mergeOrSplit(), null, inTable],
  ["表头格", (chain) => chain.toggleHeaderCell(), null, inTable],
  ["删除表格", (chain) => chain.deleteTable(), null, inTable],
  null,
  ["撤销", (chain) => chain.undo()],
  ["重做", (chain) => chain.redo()],
];

/* One button puts a picture in or, while one is chosen, changes its words. */
const pictureTools = (form) => [
  ["插图", (_, editor) => askForPicture(editor, form), null, (editor) => !editor.isActive("image")],
  ["改图片说明", (_, editor) => askForPicture(editor, form), null, (editor) => editor.isActive("image")],
  ["删除图片", (chain) => chain.deleteSelection(), null, (editor) => editor.isActive("image")],
];

function makeTools(editor, form) {
  const bar = document.createElement("div");
  bar.className = "rich-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "正文格式");
  const tools = [...TOOLS, null, ...pictureTools(form)].map((tool) => {
    const item = document.createElement(tool ? "button" : "span");
    bar.append(item);
    if (!tool) {
      item.className = "gap";
      return null;
    }
    const [words, act, isOn, isShown] = tool;
    item.type = "button";
    item.className = "button small";
    item.textContent = words;
    item.addEventListener("click", () => act(editor.chain().focus(), editor)?.run());
    return () => {
      if (isOn) item.setAttribute("aria-pressed", String(isOn(editor)));
      if (isShown) item.hidden = !isShown(editor);
    };
  });
  const refresh = () => tools.forEach((tool) => tool && tool());
  editor.on("transaction", refresh);
  refresh();
  return bar;
}

function enrich(textarea) {
  const label = textarea.form.querySelector(`label[for="${textarea.id}"]`);
  const frame = document.createElement("div");
  frame.className = "rich";
  textarea.before(frame);
  if (label) label.id = `${textarea.id}_label`;
  const attributes = { role: "textbox", "aria-multiline": "true", "aria-labelledby": `${textarea.id}_label`, lang: "zh-CN" };
  const described = textarea.getAttribute("aria-describedby");
  if (described) attributes["aria-describedby"] = described;
  const editor = new Editor({
    element: frame,
    injectCSS: false,
    content: textarea.value,
    editorProps: {
      attributes,
      handlePaste: (_, event) => offer(editor, textarea.form, event.clipboardData),
      handleDrop: (_, event) => offer(editor, textarea.form, event.dataTransfer),
      transformPastedHTML(html) {
        const seen = dropUnseen(html);
        tellDropped(frame, countDropped(html, seen.found));
        return renameHeadings(seen.html);
      },
    },
    extensions: [
      Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [2, 3, 4] }), Bold, Italic, Superscript, Subscript, Blockquote, BulletList,
      OrderedList, ListItem, Link.configure({ openOnClick: false, autolink: false }), Table.configure({ resizable: false }), TableRow,
      TableHeader, TableCell, History, Dropcursor, Gapcursor, NoSpellCheck, GateMarks,
      Picture.configure({ addressOf: (source) => addressOf(textarea.form, source) }),
    ],
    onUpdate({ editor: changed }) {
      textarea.value = changed.isEmpty ? "" : changed.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  takeMarks(editor, textarea.form);
  frame.prepend(makeTools(editor, textarea.form));
  frame.append(textarea);
  if (label) label.addEventListener("click", () => editor.commands.focus());
  return editor;
}

function offer(editor, form, transfer) {
  const file = findPicture(transfer);
  if (file) askForPicture(editor, form, file);
  return Boolean(file);
}

/* The marks of the last check, drawn once no input method composes. */
function takeMarks(editor, form) {
  if (editor.view.composing) {
    editor.view.dom.addEventListener("compositionend", () => setTimeout(() => takeMarks(editor, form)), { once: true });
    return;
  }
  editor.storage.gateMarks.marks = JSON.parse(form.dataset.marks || "[]");
  editor.commands.showFinding(0);
}

function tellDropped(frame, dropped) {
  const before = frame.querySelector(".rich-dropped");
  if (before) before.remove();
  if (!dropped.length) return;
  const notice = document.createElement("p");
  notice.className = "notice warn rich-dropped";
  notice.setAttribute("role", "status");
  frame.append(notice);
  notice.textContent = `粘贴的内容里去掉了：${dropped.join("，")}。图片请用“插图”上传。`;
}

/* A finding in the panel that gets the focus shows its place in the text. */
function showPlace(editor, number) {
  editor.commands.showFinding(number);
  const mark = editor.view.dom.querySelector(".gate-mark.is-here");
  if (mark) mark.scrollIntoView({ block: "center" });
  return mark;
}

/* F8: the words of the finding are selected in the text, ready to be typed over. */
function goToPlace(editor, number) {
  const mark = showPlace(editor, number);
  if (!mark) return false;
  const quote = editor.storage.gateMarks.marks.find((one) => one.number === number);
  const place = placesOf(editor.state.doc, quote, false).find((one) => one.to > one.from);
  editor.chain().focus().setTextSelection({ from: place.from, to: place.to }).run();
  return true;
}

/* A repair is an edit like any other, so that it can be undone; then the text is saved and checked again. What cannot be found here
   the server repairs, by the same button. */
function repair(editor, button) {
  const { quote, right, finding } = button.dataset;
  const places = placesOf(editor.state.doc, { quote, css: "", number: 0 }, false).filter((one) => one.to > one.from);
  if (button.dataset.part === "text" && places.length) {
    const { tr } = editor.state;
    places.reverse().forEach((one) => tr.insertText(right, one.from, one.to));
    editor.view.dispatch(tr);
    return true;
  }
  const note = document.querySelector(`[data-finding-note="${finding}"]`);
  const field = note?.closest("[data-live]").previousElementSibling?.querySelector("input, textarea");
  if (!field || button.dataset.part === "text" || !field.value.includes(quote)) return false;
  field.focus();
  for (let at = field.value.lastIndexOf(quote); at >= 0; at = at ? field.value.lastIndexOf(quote, at - 1) : -1) {
    field.setSelectionRange(at, at + quote.length);
    document.execCommand("insertText", false, right);
  }
  return true;
}

document.querySelectorAll("textarea[data-editor]").forEach((textarea) => {
  const editor = enrich(textarea);
  document.addEventListener("desk:finding", (event) => {
    if (goToPlace(editor, event.detail)) event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    /* The row itself, not a button in it: a page that scrolls under a press takes the press away. */
    if (event.target.matches("[data-key-finding]")) showPlace(editor, Number(event.target.dataset.finding));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-repair]");
    if (!button || !repair(editor, button)) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("draft:save-now"));
  });
  document.addEventListener("draft:checked", () => takeMarks(editor, textarea.form));
  document.addEventListener("draft:put-back", () => editor.commands.setContent(textarea.value));
});
