import { Alert, Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answer, api } from "@/api/client";
import { accountQuery } from "@/api/queries";
import type { Account, Session, SetupFacts } from "@/api/types";
import { sentence } from "@/lib/http";
import { say } from "@/lib/words";
import { WaitingPage } from "@/ui/Async";
import { Door } from "@/ui/Door";
import { fieldErrors } from "@/ui/form";
import { useDo } from "@/ui/useDo";
import { CompanyStep } from "./CompanyStep";
import { Done } from "./Done";
import { AdministratorStep } from "./AdministratorStep";
import { Progress } from "./Progress";
import { TemplateStep } from "./TemplateStep";

interface Props {
  token: string;
  /** With what the browser comes back from a far side where an account was to be connected. */
  back?: { account: string | undefined; problem: string | undefined } | undefined;
  /** Signed in as the administrator who was just made; the steps after it need that. */
  onIn: (session: Session) => void;
  onDone: () => void;
  /** The step that invites people and the one that connects an account belong to other features. */
  invite: (onMade: (name: string) => void) => ReactNode;
  connect: (onConnected: (account: Account) => void) => ReactNode;
  /** So does the one that sends a test message of it. */
  test: (account: Account) => ReactNode;
}

/** From the link that the program printed to the first message, in six steps. */
export function Wizard(props: Props) {
  const header = { "Setup-Token": props.token };
  const facts = useQuery({
    queryKey: ["setup", props.token],
    queryFn: () => answer(api.GET("/api/setup", { params: { header } })),
    retry: false,
    enabled: props.token !== "" && !props.back,
    staleTime: Infinity,
  });
  if (props.back) {
    return <Return {...props} back={props.back} />;
  }
  if (!props.token || facts.error) {
    return (
      <Door title={say("setup.bad")}>
        <Text>{props.token ? sentence(facts.error) : say("setup.nolink")}</Text>
      </Door>
    );
  }
  return facts.data ? <Steps {...props} facts={facts.data} /> : <WaitingPage />;
}

const steps = ["admin", "company", "template", "people", "account", "done"] as const;

function Steps({ facts, token, onIn, onDone, invite, connect, test }: Props & { facts: SetupFacts }) {
  const { busy, run } = useDo();
  const [at, setAt] = useState(0);
  const [administrator, setAdministrator] = useState({ name: "", email: "", password: "" });
  const [organisation, setOrganisation] = useState(() => ({
    name: "",
    publicUrl: facts.publicUrl || location.origin,
    // The browser knows where people are better than the server does.
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || facts.zone,
    locale: navigator.language || facts.locale,
  }));
  const [errors, setErrors] = useState<Record<string, ReactNode>>({});
  const [invited, setInvited] = useState<string[]>([]);
  const [account, setAccount] = useState<Account>();
  const step = steps[at];
  const next = () => setAt(at + 1);

  const create = (template: string, departments: string[]) =>
    run({
      call: () =>
        answer(
          api.POST("/api/setup", {
            params: { header: { "Setup-Token": token } },
            body: { administrator, organisation, template, departments },
          }),
        ),
      then: (session) => {
        onIn(session);
        next();
      },
      failed: (error) => {
        const wrong = fieldErrors(error);
        setErrors(wrong);
        const places = Object.keys(wrong);
        if (places.some((p) => p.startsWith("administrator"))) {
          setAt(0);
        } else if (places.some((p) => p.startsWith("organisation"))) {
          setAt(1);
        }
      },
    });

  return (
    <Door
      wide={step === "template" || step === "account"}
      title={step === "done" ? say("setup.done.title") : say(`setup.${step ?? "done"}`)}
      above={<Progress at={at} of={steps.length} />}
    >
      {step === "admin" && (
        <AdministratorStep
          value={administrator}
          errors={errors}
          onNext={(value) => (setAdministrator(value), next())}
        />
      )}
      {step === "company" && (
        <CompanyStep
          value={organisation}
          errors={errors}
          onBack={() => setAt(0)}
          onNext={(value) => (setOrganisation(value), next())}
        />
      )}
      {step === "template" && (
        <TemplateStep templates={facts.templates} busy={busy} onBack={() => setAt(1)} onCreate={create} />
      )}
      {step === "people" && (
        <>
          <Text c="dimmed" size="sm" mb="md">
            {say("setup.people.help")}
          </Text>
          {invite((name) => setInvited([...invited, name]))}
          {invited.length > 0 && (
            <Text size="sm" mt="sm" role="status">
              {say("setup.invited", { names: invited.join(", ") })}
            </Text>
          )}
          <Onward name={invited.length > 0 ? say("do.next") : say("setup.later")} onNext={next} />
        </>
      )}
      {step === "account" && (
        <>
          <Text c="dimmed" size="sm" mb="md">
            {say("setup.account.help")}
          </Text>
          {connect((a) => (setAccount(a), next()))}
          <Onward name={say("setup.later")} onNext={next} />
        </>
      )}
      {step === "done" && <Done account={account} test={test} onDone={onDone} />}
    </Door>
  );
}

/** The set-up again after a visit to a far side: the account is connected, or one reads why not and tries again. */
function Return({ back, connect, test, onDone }: Props & { back: NonNullable<Props["back"]> }) {
  const came = useQuery({ ...accountQuery(back.account ?? ""), enabled: Boolean(back.account) });
  const [account, setAccount] = useState<Account>();
  const [later, setLater] = useState(false);
  const connected = account ?? came.data;
  if (back.account && !connected && !came.error) {
    return <WaitingPage />;
  }
  if (connected || later) {
    return (
      <Door title={say("setup.done.title")} above={<Progress at={steps.indexOf("done")} of={steps.length} />}>
        <Done account={connected} test={test} onDone={onDone} />
      </Door>
    );
  }
  return (
    <Door wide title={say("setup.account")} above={<Progress at={steps.indexOf("account")} of={steps.length} />}>
      <Alert color="red" mb="md">
        {say("accounts.problem", { problem: back.problem ?? sentence(came.error) })}
      </Alert>
      {connect(setAccount)}
      <Onward name={say("setup.later")} onNext={() => setLater(true)} />
    </Door>
  );
}

function Onward({ name, onNext }: { name: string; onNext: () => void }) {
  return (
    <Group justify="flex-end" mt="lg">
      <Button variant="default" onClick={onNext}>
        {name}
      </Button>
    </Group>
  );
}
