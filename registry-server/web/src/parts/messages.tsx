export interface Message {
  readonly role: string;
  readonly content: string;
}

/** The messages of a rendered prompt, as they would be sent. */
export function Messages({ messages }: { messages: readonly Message[] }) {
  return (
    <ol className="messages plain">
      {messages.map(({ role, content }, index) => (
        <li key={index}>
          <span className="badge">{role}</span>
          <pre>{content}</pre>
        </li>
      ))}
    </ol>
  );
}
