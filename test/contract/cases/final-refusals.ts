import { describe, expect, test } from "@jest/globals";
import { errorExtensions } from "../../../src/errors/format.js";
import type { CaseContext } from "../ground.js";
import { adapterOf } from "../stage/adapter.js";
import type { WireAnswer } from "../stage/recording-proxy.js";

/** Refusals of servers in front of any CRM. The words must be in the error, and the others must not. */
const EVERYWHERE: readonly (readonly [kind: string, answer: WireAnswer, says: RegExp, hides: RegExp])[] = [
  ...[413, 414, 431].map((status) => {
    const answer = { status, headers: { "content-type": "text/html" }, text: "<h1>Too large</h1>" };
    return [`a status ${status}`, answer, /refuses a request of this size/, /<h1>/] as const;
  }),
  ...[301, 302, 307, 308].map((status) => {
    const location = "https://new.crm.example/login?session=secret-session";
    const answer = { status, headers: { location, "content-type": "text/html" }, text: "" };
    return [
      `a redirect ${status}`,
      answer,
      /redirects to https:\/\/new\.crm\.example\./,
      /secret-session|login/,
    ] as const;
  }),
];

/** What lasts until somebody changes something is not called passing, and what passes is not called the caller's fault. */
export function describeFinalRefusals({ subject, ground }: CaseContext): void {
  const contacts = adapterOf(subject.provider, "contact");
  const query = { filter: {}, orderBy: null, limit: 1, cursor: null, select: new Set(["fullName"]) };

  async function refusedWith(answer: WireAnswer) {
    const { stage, reader } = ground();
    let calls = 0;
    const played = () => {
      calls += 1;
      return answer;
    };
    const error = await stage.answering(played, () => stage.failure(contacts.list(reader.context, query)));
    return { error, calls, said: errorExtensions(error) };
  }

  describe("final refusals", () => {
    test.each(EVERYWHERE)(
      "%s is asked once, is not retryable and says what to do",
      async (_kind, answer, says, hides) => {
        const { error, calls, said } = await refusedWith(answer);
        expect([error.code, said.retryable, calls]).toEqual(["PROVIDER_ERROR", false, 1]);
        expect(said["detail"]).toMatch(says);
        expect(JSON.stringify(said)).not.toMatch(hides);
      },
    );

    const own = subject.refusals ?? [];
    if (own.length > 0)
      test.each(own)("$kind", async ({ answer, code, retryable, says, hides }) => {
        const { error, said } = await refusedWith(answer);
        expect([error.code, said.retryable]).toEqual([code, retryable]);
        if (says) expect(JSON.stringify(said)).toMatch(says);
        if (hides) expect(JSON.stringify(said)).not.toMatch(hides);
      });
  });
}
