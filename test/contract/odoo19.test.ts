import { expect, test } from "@jest/globals";
import { describeContract } from "./contract-suite.js";
import { describeMeetingPeople } from "./odoo/meeting-people.js";
import { odoo19Subject } from "./odoo/subject.js";
import { adapterOf, listAll } from "./stage/adapter.js";
import { openStage } from "./stage/stage.js";

describeContract(odoo19Subject);
describeMeetingPeople(odoo19Subject);

test("the adapter speaks JSON-2 alone to an Odoo that has it", async () => {
  const stage = await openStage(odoo19Subject);
  try {
    const contacts = adapterOf(odoo19Subject.provider, "contact");
    const { context } = stage.connect();
    await listAll(contacts, context, { limit: 100 });
    await contacts.update!(context, await contacts.create!(context, { fullName: "Ann" }), { title: "CEO" });
    expect(stage.paths().filter((path) => !path.startsWith("/json/2/"))).toEqual([]);
  } finally {
    await stage.close();
  }
});
