import { AtSign, Cloud, Drama, Mail, Rss, Webhook } from "lucide-react";

const glyphs = { mastodon: AtSign, bluesky: Cloud, email: Mail, feed: Rss, hook: Webhook, example: Drama };

/** The sign of a channel: ours, not anybody's logo. The name always stands beside it. */
export function ChannelGlyph({ channel, size = 15 }: { channel: string; size?: number }) {
  const Glyph = glyphs[channel as keyof typeof glyphs] ?? AtSign;
  return <Glyph size={size} strokeWidth={2} aria-hidden style={{ flex: "none" }} />;
}
