export function App() {
  return <main>mExchange</main>;
}
