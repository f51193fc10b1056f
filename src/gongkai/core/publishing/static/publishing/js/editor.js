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
    editorProps: { attributes },
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
  frame.prepend(makeTools(editor));
  frame.append(textarea);
  if (label) label.addEventListener("click", () => editor.commands.focus());
  return editor;
}

/* A finding in the panel that gets the focus shows its place in the text. */
function showPlace(editor, number) {
  editor.commands.showFinding(number);
  const mark = editor.view.dom.querySelector(".gate-mark.is-here");
  if (mark) mark.scrollIntoView({ block: "center" });
}

document.querySelectorAll("textarea[data-editor]").forEach((textarea) => {
  const editor = enrich(textarea);
  document.querySelectorAll("[data-key-finding]").forEach((finding) => {
    finding.addEventListener("focus", () => showPlace(editor, Number(finding.dataset.finding)));
  });
});
