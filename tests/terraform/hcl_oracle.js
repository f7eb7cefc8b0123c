// Answers from hashicorp/hcl itself: reads {"files": [...], "expressions": [...]} from standard
// input, writes the errors of each file and the tree of each expression to standard output.
const hcl = require("@cdktf/hcl2json");

async function errorsOf(text) {
  try {
    await hcl.parse("f.tf", text);
    return [];
  } catch (error) {
    return String(error.message || error);
  }
}

async function treeOf(text) {
  try {
    return await hcl.getExpressionAst("f.tf", text);
  } catch (error) {
    return { error: String(error.message || error) };
  }
}

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", async () => {
  const asked = JSON.parse(input);
  const answers = { files: [], expressions: [] };
  for (const text of asked.files || []) answers.files.push(await errorsOf(text));
  for (const text of asked.expressions || []) answers.expressions.push(await treeOf(text));
  process.stdout.write(JSON.stringify(answers), () => process.exit(0));
});
