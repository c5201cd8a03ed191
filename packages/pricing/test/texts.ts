/** A few kilobytes of what people and programs send. */
const ENGLISH =
  "The committee met on Tuesday to discuss the budget for the coming year, and although several members objected to the proposed reductions, it was agreed that a smaller working group should look at the figures again before anything was decided. ";
const GERMAN =
  "Der Ausschuss tagte am Dienstag, um über den Haushalt des kommenden Jahres zu beraten; obwohl mehrere Mitglieder den vorgeschlagenen Kürzungen widersprachen, einigte man sich darauf, die Zahlen von einer kleineren Arbeitsgruppe noch einmal prüfen zu lassen. ";
const CHINESE =
  "委员会于星期二召开会议，讨论下一年度的预算。尽管有几位委员反对拟议的削减方案，但大家一致同意在作出任何决定之前，由一个较小的工作组再次审查这些数字。";
const CODE = `export function createListeners<Event>(what: string): Listeners<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(event) {
      for (const listener of listeners) guarded(what, () => listener(event));
    },
  };
}
`;
const JSON_TEXT = JSON.stringify({
  id: "order-48213",
  customer: { name: "J. Smith", email: "j.smith@example.com", since: "2019-04-02" },
  lines: [
    { sku: "A-1002", quantity: 3, price: 12.5, discount: null },
    { sku: "B-2210", quantity: 1, price: 349.99, discount: 0.15 },
  ],
  paid: true,
});

const CHARS = 6_000;

const filled = (text: string): string =>
  text.repeat(Math.ceil(CHARS / text.length)).slice(0, CHARS);

export const TEXTS: Readonly<Record<string, string>> = {
  English: filled(ENGLISH),
  German: filled(GERMAN),
  Chinese: filled(CHINESE),
  code: filled(CODE),
  JSON: filled(JSON_TEXT),
};
