/** Lines that belong together, each another one. */
export function Bullets({ items }: { readonly items: readonly string[] }) {
  return (
    <ul className="wrap-anywhere list-disc pl-5">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
