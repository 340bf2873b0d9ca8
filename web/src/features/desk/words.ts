import { learn } from "@/lib/words";
import { conversationWords } from "@/lib/words/conversation";

// What an open conversation says is read with the first part of one. Whoever says such a word imports this (words.test.ts looks).
learn(conversationWords);
