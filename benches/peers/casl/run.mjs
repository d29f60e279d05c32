// CASL on the reference workload, timing itself.
//
// Usage: node --expose-gc run.mjs <encoding>, driven through standard input, one JSON value a line: first the workload
// and the questions, then requests `{"ask": "answers" | "time", "count": n, "passes": n}`. Each is answered by a line.

import { createInterface } from "node:readline";

import { createMongoAbility } from "@casl/ability";

const ACTIONS = ["see", "edit", "delete", "destroy"];

// Stands for "no field": without it, CASL takes a question about the record for one about any of its fields.
const RECORD = "-";

// Rules in the order of the settings page: the later one wins.
function rulesOf(role, objects) {
  const rules = [];
  ACTIONS.forEach((action, a) => {
    rules.push({ action, subject: "all", inverted: !role.baseline[a] });
    for (const { object, effects, fields } of role.rules) {
      const subject = objects[object].name;
      if (effects[a] !== "inherit") {
        rules.push({ action, subject, inverted: effects[a] === "deny" });
      }
      for (const effect of ["allow", "deny"]) {
        const ruled = fields.filter((rule) => rule.effects[a] === effect);
        if (ruled.length > 0) {
          const names = ruled.map((rule) => objects[object].fields[rule.field]);
          rules.push({ action, subject, fields: names, inverted: effect === "deny" });
        }
      }
    }
  });
  return rules;
}

// One rule for each object and action, with every granted field. The verdicts are those of the oracle.
function grantsOf(role, objects) {
  return role.grants.map(({ action, object, record, fields }) => ({
    action,
    subject: objects[object].name,
    fields: [...(record ? [RECORD] : []), ...fields.map((field) => objects[object].fields[field])],
  })).filter(({ fields }) => fields.length > 0);
}

// A subject for each granted object and field, so that CASL has no fields to look at.
function subjectsOf(role, objects) {
  return role.grants.flatMap(({ action, object, record, fields }) => {
    const { name, fields: names } = objects[object];
    const granted = [...(record ? [""] : []), ...fields.map((field) => names[field])];
    return granted.map((field) => ({ action, subject: `${name}/${field}` }));
  });
}

// The cascade as CASL walks it; see-first is a second question.
const seeFirst = (ability, { action, object, field }) =>
  ability.can(action, object, field) && (action === "see" || ability.can("see", object, field));
const direct = (ability, { action, object, field }) => ability.can(action, object, field);
const withSentinel = (question) => ({ ...question, field: question.field ?? RECORD });

const ENCODINGS = {
  natural: {
    ability: (role, objects) => createMongoAbility(rulesOf(role, objects)),
    prepare: (question) => ({ ...question, field: question.field ?? undefined }),
    ask: seeFirst,
  },
  sentinel: {
    ability: (role, objects) => createMongoAbility(rulesOf(role, objects)),
    prepare: withSentinel,
    ask: seeFirst,
  },
  lists: {
    ability: (role, objects) => createMongoAbility(grantsOf(role, objects)),
    prepare: withSentinel,
    ask: direct,
  },
  subjects: {
    ability: (role, objects) => createMongoAbility(subjectsOf(role, objects)),
    prepare: ({ action, object, field }) => ({ action, subject: `${object}/${field ?? ""}` }),
    ask: (ability, { action, subject }) => ability.can(action, subject),
  },
};

const encoding = ENCODINGS[process.argv[2]];
const reply = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

// The processor time of what is done. Threads of the engine that help in the background count too, so that where
// nothing disturbs, the wall knows better.
function timed(work) {
  const start = process.hrtime.bigint();
  const used = process.cpuUsage();
  const done = work();
  const { user, system } = process.cpuUsage(used);
  const wall = Number(process.hrtime.bigint() - start);
  return [done, Math.round(Math.min(wall, (user + system) * 1_000))];
}

let questions;

function load({ workload, questions: asked }) {
  const before = heap();
  const [abilities, nanoseconds] = timed(() =>
    workload.roles.map((role) => encoding.ability(role, workload.objects)));
  const bytes = heap() - before;
  questions = asked.map((question) => ({
    ...encoding.prepare(question),
    ability: abilities[question.role],
  }));
  reply({ nanoseconds, bytes });
}

function pass(count) {
  const { ask } = encoding;
  let yes = 0;
  for (let i = 0; i < count; i++) {
    if (ask(questions[i].ability, questions[i])) yes++;
  }
  return yes;
}

function time({ count, passes }) {
  const [yes, nanoseconds] = timed(() => {
    let yes = 0;
    for (let i = 0; i < passes; i++) yes += pass(count);
    return yes;
  });
  reply({ nanoseconds, yes });
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.ask === "answers") {
    reply(questions.slice(0, request.count).map((question) => encoding.ask(question.ability, question)));
  } else if (request.ask === "time") {
    time(request);
  } else {
    load(request);
  }
}
