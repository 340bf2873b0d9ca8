import { useSyncExternalStore } from "react";

/** The open promises that the answer one writes is to keep, by conversation: ticked there, or by "Tell them now". */
let kept: Record<string, string[]> = {};
const heard = new Set<() => void>();
const none: string[] = [];

function subscribe(listener: () => void): () => void {
  heard.add(listener);
  return () => heard.delete(listener);
}

export function setKept(conversation: string, promises: string[]): void {
  kept = { ...kept, [conversation]: promises };
  heard.forEach((tell) => tell());
}

export function addKept(conversation: string, promise: string): void {
  setKept(conversation, [...new Set([...(kept[conversation] ?? none), promise])]);
}

export function useKept(conversation: string): string[] {
  return useSyncExternalStore(subscribe, () => kept[conversation] ?? none);
}
