/** Who is signed in at the pretend server: the session, the set-up, invitations. */
import type { Me, Session } from "../api/types";
import { departmentRefs, hour, templates } from "./acme";
import { refuse } from "./call";
import type { Pretend } from "./pretend";

/** The person signed in; administrators and managers may everything here, the rest their own work. */
export function meOf(h: Pretend): Me {
  const p = h.people.find((x) => x.id === h.as);
  if (!p) {
    refuse(401, "Sign in first.");
  }
  const high = p.role === "administrator" || p.role === "manager";
  const can = high
    ? [
        "staff.manage",
        "accounts.manage",
        "departments.manage",
        "stop",
        "see.all",
        "settings",
        "keys",
        "people.see",
        "scores.see",
        "answer",
        "contacts.keep",
        "library.change",
      ]
    : p.role === "viewer"
      ? ["see.all", "people.see"]
      : p.role === "operator"
        ? ["people.see", "scores.see", "answer"]
        : p.role === "agency"
          ? ["answer"]
          : ["people.see", "answer"];
  return {
    id: p.id,
    name: p.name,
    email: p.email,
    role: p.role,
    zone: p.zone,
    departments: p.departments,
    can,
    presence: p.presence,
    habits: h.writing.habits,
  };
}

export function session(h: Pretend): Session {
  return {
    ...(h.as ? { person: h.me } : {}),
    organisation: {
      name: "ACME",
      zone: "Europe/London",
      locale: "en-GB",
      publicUrl: "https://desk.acme.example",
      demo: h.demo,
    },
    needsSetup: h.needsSetup,
    version: "0.1.0",
    stopped: h.stopped,
    translates: true,
    resets: !h.as,
  };
}

/** Signing in and out, the set-up and invitations. */
export function signInRoutes(h: Pretend): void {
  const enter = (id: string | undefined) => {
    h.as = id;
    h.needsSetup = false;
    return session(h);
  };
  h.on("GET", "session", () => session(h));
  h.on("POST", "session", ({ body }) => {
    const p = h.people.find((x) => x.email === body["email"]);
    return p && body["password"]
      ? enter(p.id)
      : refuse(401, "This address and password do not belong together. Try again, or ask for a new invitation.");
  });
  h.on("DELETE", "session", () => {
    h.as = undefined;
  });
  h.on("PUT", "session/presence", ({ body }) => {
    h.people.find((p) => p.id === h.as)!.presence = body["presence"] as Me["presence"];
    return session(h);
  });
  h.on("GET", "demo/people", () => ({
    items: h.people.map((p) => ({
      id: p.id,
      name: p.name,
      role: p.role,
      department: p.departments[0]!.name,
      email: p.email,
    })),
    next: "",
  }));
  h.on("POST", "demo/enter", ({ body }) => enter(body["person"] as string));
  const token = (header: Headers, name: string) =>
    header.get(name) || refuse(404, "This link is used up or too old. The program prints a new one when it starts.");
  h.on("GET", "setup", ({ header }) => {
    token(header, "Setup-Token");
    return { publicUrl: "http://127.0.0.1:8080", zone: "Europe/London", locale: "en-GB", templates };
  });
  h.on("POST", "setup", ({ header, body }) => {
    token(header, "Setup-Token");
    const { administrator } = body as { administrator: { password: string } };
    return administrator.password.length < 10
      ? refuse(422, "The password is too short: take at least ten characters.", [
          { location: "body.administrator.password", message: "at least ten characters" },
        ])
      : enter("per_grace0001");
  });
  h.on(
    "GET",
    "invitation",
    ({ header }) => (
      token(header, "Invitation-Token"),
      { email: "bob@acme.example", name: "Bob Carter", organisation: "ACME" }
    ),
  );
  h.on("POST", "invitation", () => enter("per_bob000001"));
  h.on("POST", "resets", () => undefined);
  h.on(
    "GET",
    "reset",
    ({ header }) => (
      token(header, "Reset-Token"),
      { email: "bob@acme.example", name: "Bob Carter", organisation: "ACME" }
    ),
  );
  h.on("POST", "reset", () => enter("per_bob000001"));
  h.on("POST", "people/:/reset", () => ({
    link: "https://desk.acme.example/reset#res-9f3a9c02d",
    expiresAt: h.at(hour / 2),
    mailed: true,
  }));
  h.on("GET", "invitations", () => ({
    items: [
      {
        id: "inv_000000001",
        email: "kim@acme.example",
        name: "Kim Larsen",
        role: "member",
        departments: [departmentRefs.service],
        expiresAt: h.at(5 * 24 * hour),
      },
    ],
    next: "",
  }));
  h.on("POST", "invitations", ({ body }) => ({
    id: h.id("inv"),
    link: `https://desk.acme.example/join#inv-${String(body["email"]).length}f3a9c02d`,
    expiresAt: h.at(7 * 24 * hour),
    mailed: true,
  }));
  h.on("DELETE", "invitations/:", () => undefined);
  h.on("POST", "password", ({ body }) =>
    body["current"]
      ? undefined
      : refuse(422, "That is not your password.", [{ location: "body.current", message: "not your password" }]),
  );
}
