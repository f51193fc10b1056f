/* The rich editor in the place of the plain text field. Without this file the field is a plain one, and everything still works.
   The package's own preset is not used: it injects a <style>, which the content security policy refuses, and its buttons are icons
   with English names. The package is addressed as a file, so that no import map, and hence no nonce, is needed. */
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Extension, Gapcursor, HardBreak, Heading, History, Italic, Link, ListItem,
  NoSpellCheck, OrderedList, Paragraph, Plugin, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text, pm,
} from "../../django_prose_editor/editor.js";

const { Decoration, DecorationSet } = pm.view || pm;

/* What the gate found, marked where it stands. A changed text loses its mark at once; the next save checks again.
   `here` is the number of the finding that has the focus in the panel: the editor alone may touch its own elements. */
const GateMarks = Extension.create({
  name: "gateMarks",
  addOptions: () => ({ marks: [] }),
  addCommands: () => ({
    showFinding:
      (number) =>
      ({ tr }) => {
        tr.setMeta("gateMarks", number);
        return true;
      },
  }),
  addProseMirrorPlugins() {
    const marks = this.options.marks;
    const decorate = (doc, here) => ({ here, set: DecorationSet.create(doc, marks.flatMap((mark) => placesOf(doc, mark, mark.number === here))) });
    return [
      new Plugin({
        state: {
          init: (_, state) => decorate(state.doc, 0),
          apply(transaction, old) {
            const here = transaction.getMeta("gateMarks");
            return transaction.docChanged || here !== undefined ? decorate(transaction.doc, here === undefined ? old.here : here) : old;
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

function countDropped(html) {
  const found = new Map();
  const note = (words) => found.set(words, (found.get(words) || 0) + 1);
  for (const [, name, attributes] of html.replace(/<!--[\s\S]*?-->/g, "").matchAll(/<([a-z][a-z0-9:]*)\b([^>]*)>/gi)) {
    const tag = name.toLowerCase();
    const style = /\sstyle\s*=\s*("[^"]*"|'[^']*')/i.exec(attributes);
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

function makeTools(editor) {
  const bar = document.createElement("div");
  bar.className = "rich-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "正文格式");
  const tools = TOOLS.map((tool) => {
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
    item.addEventListener("click", () => act(editor.chain().focus()).run());
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
  const marks = JSON.parse(textarea.form.dataset.marks || "[]");
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
      transformPastedHTML(html) {
        tellDropped(frame, countDropped(html));
        return renameHeadings(html);
      },
    },
    extensions: [
      Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [2, 3, 4] }), Bold, Italic, Superscript, Subscript, Blockquote, BulletList,
      OrderedList, ListItem, Link.configure({ openOnClick: false, autolink: false }), Table.configure({ resizable: false }), TableRow,
      TableHeader, TableCell, History, Dropcursor, Gapcursor, NoSpellCheck, GateMarks.configure({ marks }),
    ],
    onUpdate({ editor: changed }) {
      textarea.value = changed.isEmpty ? "" : changed.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  editor.marks = marks;
  frame.prepend(makeTools(editor));
  frame.append(textarea);
  if (label) label.addEventListener("click", () => editor.commands.focus());
  return editor;
}

function tellDropped(frame, dropped) {
  const before = frame.querySelector(".rich-dropped");
  if (before) before.remove();
  if (!dropped.length) return;
  const notice = document.createElement("p");
  notice.className = "notice warn rich-dropped";
  notice.setAttribute("role", "status");
  frame.append(notice);
  notice.textContent = `粘贴的内容里去掉了：${dropped.join("，")}。图片请作为附件上传。`;
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
  const quote = editor.marks.find((one) => one.number === number);
  const place = placesOf(editor.state.doc, quote, false).find((one) => one.to > one.from);
  editor.chain().focus().setTextSelection({ from: place.from, to: place.to }).run();
  return true;
}

document.querySelectorAll("textarea[data-editor]").forEach((textarea) => {
  const editor = enrich(textarea);
  document.addEventListener("desk:finding", (event) => {
    if (goToPlace(editor, event.detail)) event.preventDefault();
  });
  document.querySelectorAll("[data-key-finding]").forEach((finding) => {
    finding.addEventListener("focus", () => showPlace(editor, Number(finding.dataset.finding)));
  });
});
