/** Rules and map, as queries. A live feed tells of both only to some, so they are read again when one comes back to them. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

const fresh = 10_000;

export const rulesQuery = queryOptions({
  queryKey: ["rules", "all"],
  queryFn: async () => (await answer(api.GET("/api/rules"))).items,
  staleTime: fresh,
});

export const ruleHistoryQuery = (id: string) =>
  queryOptions({
    queryKey: ["rules", "history", id],
    queryFn: async () => (await answer(api.GET("/api/rules/{id}/history", { params: { path: { id } } }))).items,
    staleTime: fresh,
  });

export const mapQuery = queryOptions({
  queryKey: ["map", "now"],
  queryFn: () => answer(api.GET("/api/map")),
  staleTime: fresh,
});

export const mapVersionsQuery = queryOptions({
  queryKey: ["map", "versions"],
  queryFn: async () => (await answer(api.GET("/api/map/versions"))).items,
  staleTime: fresh,
});

export const mapTemplatesQuery = queryOptions({
  queryKey: ["map", "templates"],
  queryFn: async () => (await answer(api.GET("/api/map/templates"))).items,
  staleTime: fresh,
});
