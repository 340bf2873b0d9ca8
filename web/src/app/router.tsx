import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from "@tanstack/react-router";
import { conversationQuery, conversationsQuery, sessionQuery } from "@/api/queries";
import { Crashed, WaitingPage } from "@/ui/Async";
import { readDays, readVerdictFilter } from "@/features/insight/filter";
import { readAnswersSearch } from "@/features/library/filter";
import { readPromiseFilter } from "@/features/desk/promise";
import { filterOf, readInboxSearch, readSearch } from "./address";
import { homeOf } from "./goto";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const signin = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: (search: Record<string, unknown>) =>
    (typeof search["to"] === "string" ? { to: search["to"] } : {}) as { to?: string },
  loader: ({ context }) => context.queries.ensureQueryData(sessionQuery),
  component: lazyRouteComponent(() => import("./pages/entrance"), "SignInPage"),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: (search: Record<string, unknown>) => ({
    ...(typeof search["account"] === "string" ? { account: search["account"] } : {}),
    ...(typeof search["problem"] === "string" ? { problem: search["problem"] } : {}),
  }),
  component: lazyRouteComponent(() => import("./pages/setup"), "SetupPage"),
});
const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(() => import("./pages/entrance"), "JoinPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("./pages/entrance"), "ResetPage"),
});

/** What the link of an e-mail opens: one question, without signing in. */
const asked = createRoute({
  getParentRoute: () => root,
  path: "/answer",
  component: lazyRouteComponent(() => import("./pages/answer"), "AnswerRoute"),
});

/** Everything behind the sign-in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  loader: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session.needsSetup) {
      throw redirect({ to: "/setup" });
    }
    if (!session.person) {
      throw redirect({ to: "/signin", search: location.pathname === "/" ? {} : { to: location.href } });
    }
  },
  component: Shell,
});

/** Where one's day begins (homeOf): only who is outside stays here. */
const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: async ({ context }) => {
    const { needsSetup, person } = await context.queries.ensureQueryData(sessionQuery);
    if (needsSetup || !person) {
      throw redirect({ to: needsSetup ? "/setup" : "/signin" });
    }
    const where = homeOf(person);
    if (where === "board") {
      throw redirect({ to: "/board" });
    }
    if (where !== "outside") {
      throw redirect({ to: "/inbox/$view/{-$conversation}", params: { view: where } });
    }
  },
  component: lazyRouteComponent(() => import("./Outside"), "Outside"),
});
const inbox = createRoute({
  getParentRoute: () => inside,
  path: "/inbox/$view/{-$conversation}",
  validateSearch: readInboxSearch,
  beforeLoad: async ({ context: { queries }, params, search, cause }) => {
    const opened = cause === "enter"; // not each time another conversation is chosen
    if (params.conversation && opened) {
      void import("@/features/desk/ConversationPane"); // beside the inbox, not after it
    }
    const { person } = await queries.ensureQueryData(sessionQuery);
    if (person && homeOf(person) === "outside") {
      throw redirect({ to: "/" }); // there is no conversation for them
    }
    if (person && opened) {
      // What the screen shows is asked for while its files are still on their way.
      void queries.prefetchInfiniteQuery(conversationsQuery(filterOf(params.view, search)));
      if (params.conversation) {
        void queries.prefetchQuery(conversationQuery(params.conversation));
      }
    }
  },
  component: lazyRouteComponent(() => import("./pages/inbox"), "InboxPage"),
});
/** The address that stands in e-mails and other tools; it stays right whatever the views are called. */
const conversation = createRoute({
  getParentRoute: () => inside,
  path: "/conversations/$conversation",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/inbox/$view/{-$conversation}", params: { view: "all", conversation: params.conversation } });
  },
});
const contact = createRoute({
  getParentRoute: () => inside,
  path: "/contacts/$contact",
  component: lazyRouteComponent(() => import("./pages/contact"), "ContactRoute"),
});
const contacts = createRoute({
  getParentRoute: () => inside,
  path: "/contacts",
  component: lazyRouteComponent(() => import("./pages/contact"), "ContactsRoute"),
});
const contactImport = createRoute({
  getParentRoute: () => inside,
  path: "/contacts/import",
  component: lazyRouteComponent(() => import("./pages/contact"), "ImportRoute"),
});
const search = createRoute({
  getParentRoute: () => inside,
  path: "/search",
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import("./pages/search"), "SearchRoute"),
});
const board = createRoute({
  getParentRoute: () => inside,
  path: "/board",
  component: lazyRouteComponent(() => import("./pages/board"), "BoardRoute"),
});
const incident = createRoute({
  getParentRoute: () => inside,
  path: "/incidents/$incident",
  component: lazyRouteComponent(() => import("./pages/board"), "IncidentRoute"),
});
const thread = createRoute({
  getParentRoute: () => inside,
  path: "/threads",
  validateSearch: (found: Record<string, unknown>) => ({
    account: typeof found["account"] === "string" ? found["account"] : "",
    thread: typeof found["thread"] === "string" ? found["thread"] : "",
  }),
  component: lazyRouteComponent(() => import("./pages/board"), "ThreadRoute"),
});
const posts = createRoute({
  getParentRoute: () => inside,
  path: "/posts",
  component: lazyRouteComponent(() => import("./pages/posts"), "PostsRoute"),
});
const promises = createRoute({
  getParentRoute: () => inside,
  path: "/promises",
  validateSearch: readPromiseFilter,
  component: lazyRouteComponent(() => import("./pages/promises"), "PromisesRoute"),
});
const outgoing = createRoute({
  getParentRoute: () => inside,
  path: "/outgoing",
  component: lazyRouteComponent(() => import("./pages/outgoing"), "OutgoingRoute"),
});
const accounts = createRoute({
  getParentRoute: () => inside,
  path: "/accounts",
  validateSearch: (search: Record<string, unknown>) =>
    (typeof search["problem"] === "string" ? { problem: search["problem"] } : {}) as { problem?: string },
  component: lazyRouteComponent(() => import("./pages/accounts"), "AccountsRoute"),
});
const accountNew = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/new",
  component: lazyRouteComponent(() => import("./pages/accounts"), "ConnectRoute"),
});
const account = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account",
  component: lazyRouteComponent(() => import("./pages/accounts"), "AccountRoute"),
});
const departments = createRoute({
  getParentRoute: () => inside,
  path: "/departments",
  component: lazyRouteComponent(() => import("./pages/staff"), "DepartmentsRoute"),
});
const department = createRoute({
  getParentRoute: () => inside,
  path: "/departments/$department",
  component: lazyRouteComponent(() => import("./pages/staff"), "DepartmentRoute"),
});
const map = createRoute({
  getParentRoute: () => inside,
  path: "/map",
  component: lazyRouteComponent(() => import("./pages/policy"), "MapRoute"),
});
const rules = createRoute({
  getParentRoute: () => inside,
  path: "/rules",
  component: lazyRouteComponent(() => import("./pages/policy"), "RulesRoute"),
});
const topics = createRoute({
  getParentRoute: () => inside,
  path: "/topics",
  component: lazyRouteComponent(() => import("./pages/topics"), "TopicsRoute"),
});
const answers = createRoute({
  getParentRoute: () => inside,
  path: "/answers",
  validateSearch: readAnswersSearch,
  component: lazyRouteComponent(() => import("./pages/answers"), "AnswersRoute"),
});
const answerNew = createRoute({
  getParentRoute: () => inside,
  path: "/answers/new",
  validateSearch: (search: Record<string, unknown>) =>
    (typeof search["message"] === "string" ? { message: search["message"] } : {}) as { message?: string },
  component: lazyRouteComponent(() => import("./pages/answers"), "NewAnswerRoute"),
});
const answer = createRoute({
  getParentRoute: () => inside,
  path: "/answers/$answer",
  component: lazyRouteComponent(() => import("./pages/answers"), "AnswerRoute"),
});
const saved = createRoute({
  getParentRoute: () => inside,
  path: "/saved-replies",
  component: lazyRouteComponent(() => import("./pages/answers"), "SavedRepliesRoute"),
});
const people = createRoute({
  getParentRoute: () => inside,
  path: "/people",
  component: lazyRouteComponent(() => import("./pages/staff"), "PeopleRoute"),
});
const person = createRoute({
  getParentRoute: () => inside,
  path: "/people/$person",
  component: lazyRouteComponent(() => import("./pages/staff"), "PersonRoute"),
});
const me = createRoute({
  getParentRoute: () => inside,
  path: "/me",
  component: lazyRouteComponent(() => import("./pages/staff"), "ProfileRoute"),
});
const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings"), "SettingsRoute"),
});
const keys = createRoute({
  getParentRoute: () => inside,
  path: "/settings/keys",
  component: lazyRouteComponent(() => import("./pages/settings"), "KeysRoute"),
});
const advice = createRoute({
  getParentRoute: () => inside,
  path: "/settings/language-model",
  component: lazyRouteComponent(() => import("./pages/settings"), "AdviceRoute"),
});
const houseMail = createRoute({
  getParentRoute: () => inside,
  path: "/settings/mail",
  component: lazyRouteComponent(() => import("./pages/settings"), "HouseMailRoute"),
});
const notifications = createRoute({
  getParentRoute: () => inside,
  path: "/notifications",
  component: lazyRouteComponent(() => import("./pages/notify"), "NotificationsRoute"),
});
const notificationSettings = createRoute({
  getParentRoute: () => inside,
  path: "/me/notifications",
  component: lazyRouteComponent(() => import("./pages/notify"), "NotificationSettingsRoute"),
});
const chats = createRoute({
  getParentRoute: () => inside,
  path: "/settings/chat",
  component: lazyRouteComponent(() => import("./pages/notify"), "ChatsRoute"),
});
const scoreboard = createRoute({
  getParentRoute: () => inside,
  path: "/scoreboard",
  validateSearch: readDays,
  component: lazyRouteComponent(() => import("./pages/insight"), "ScoreboardRoute"),
});
const verdicts = createRoute({
  getParentRoute: () => inside,
  path: "/scoreboard/conversations",
  validateSearch: readVerdictFilter,
  component: lazyRouteComponent(() => import("./pages/insight"), "VerdictsRoute"),
});

const tree = root.addChildren([
  signin,
  setup,
  join,
  reset,
  asked,
  inside.addChildren([
    home,
    inbox,
    conversation,
    contact,
    contacts,
    contactImport,
    posts,
    promises,
    outgoing,
    accounts,
    accountNew,
    account,
    departments,
    department,
    map,
    rules,
    topics,
    people,
    person,
    me,
    settings,
    keys,
    advice,
    scoreboard,
    verdicts,
    houseMail,
    answers,
    answerNew,
    answer,
    saved,
    notifications,
    notificationSettings,
    chats,
    search,
    board,
    incident,
    thread,
  ]),
]);

export function makeRouter(queries: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: WaitingPage,
    defaultPendingMs: 200,
    defaultErrorComponent: ({ error, reset }) => <Crashed error={error} again={reset} />,
    defaultNotFoundComponent: NotFound,
    ...(history ? { history } : {}),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
