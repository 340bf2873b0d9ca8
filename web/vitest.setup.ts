import "@testing-library/jest-dom/vitest";
import { learn } from "@/lib/words";
import { channelWords } from "@/lib/words/channel";
import { setupWords } from "@/lib/words/setup";
import { staffWords } from "@/lib/words/staff";

learn({ ...channelWords, ...setupWords, ...staffWords });
