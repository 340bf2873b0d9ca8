import type { MapRow, RowBody } from "@/api/types";

/** A row as it is sent. */
export function bodyOf(r: MapRow): RowBody {
  return {
    intent: r.intent,
    topic: r.topic,
    standing: r.standing,
    language: r.language,
    department: r.department.name ? r.department.id : "", // one that is no more must be chosen anew
    standIn: r.standIn?.name ? r.standIn.id : "",
    note: r.note,
  };
}
