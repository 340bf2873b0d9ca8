import { Anchor, Button, PasswordInput, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { DemoPerson, Organisation, Session } from "@/api/types";
import { sentence } from "@/lib/http";
import { say, sayOr } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Door } from "@/ui/Door";
import { Face } from "@/ui/Face";
import { email, required } from "@/ui/form";
import { useDo } from "@/ui/useDo";
import { Forgot } from "./Forgot";
import styles from "./SignIn.module.css";

interface Props {
  organisation: Organisation;
  /** A link to set a forgotten password anew can be had by e-mail. */
  resets: boolean;
  onIn: (session: Session) => void;
}

/** The way in: an address and a password; in the demonstration, a choice of whose day to live. */
export function SignIn({ organisation, resets, onIn }: Props) {
  const [own, setOwn] = useState(!organisation.demo);
  return (
    <Door
      title={organisation.name ? say("signin.title", { organisation: organisation.name }) : say("signin.title.plain")}
      wide={!own}
    >
      {own ? <ByPassword resets={resets} onIn={onIn} /> : <DemoPeople onIn={onIn} />}
      {organisation.demo && (
        <Anchor component="button" size="sm" mt="md" onClick={() => setOwn(!own)}>
          {own ? say("signin.demo") : say("signin.own")}
        </Anchor>
      )}
    </Door>
  );
}

function ByPassword({ resets, onIn }: Pick<Props, "resets" | "onIn">) {
  const { busy, run } = useDo();
  const form = useForm({ initialValues: { email: "", password: "" }, validate: { email, password: required } });
  const [wrong, setWrong] = useState("");
  const [forgot, setForgot] = useState(false);
  if (forgot) {
    return <Forgot address={form.values.email} onBack={() => setForgot(false)} />;
  }
  return (
    <form
      onSubmit={form.onSubmit((body) => {
        setWrong("");
        void run({
          call: () => answer(api.POST("/api/session", { body })),
          then: onIn,
          failed: (error) => {
            setWrong(sentence(error));
            return true;
          },
        });
      })}
    >
      <Stack gap="sm">
        <TextInput
          type="email"
          autoComplete="username"
          autoFocus
          label={say("signin.email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          autoComplete="current-password"
          label={say("signin.password")}
          {...form.getInputProps("password")}
        />
        {wrong && (
          <Text size="sm" c="var(--sb-urgent)" role="alert">
            {wrong}
          </Text>
        )}
        <Button type="submit" loading={busy} mt={4}>
          {say("signin.do")}
        </Button>
        {resets ? (
          <Anchor component="button" type="button" size="sm" onClick={() => setForgot(true)}>
            {say("signin.forgot")}
          </Anchor>
        ) : (
          <Text size="xs" c="dimmed">
            {say("signin.forgot.ask")}
          </Text>
        )}
      </Stack>
    </form>
  );
}

function DemoPeople({ onIn }: Pick<Props, "onIn">) {
  const { run } = useDo();
  const query = useQuery({
    queryKey: ["demo"],
    queryFn: async () => (await answer(api.GET("/api/demo/people"))).items,
  });
  const enter = (person: DemoPerson) =>
    run({ call: () => answer(api.POST("/api/demo/enter", { body: { person: person.id } })), then: onIn });
  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        {say("signin.demo.help")}
      </Text>
      <Async of={query} empty={say("people.empty")}>
        {(people) => (
          <ul className={styles["people"]}>
            {people.map((p) => (
              <li key={p.id}>
                <UnstyledButton className={styles["person"]} onClick={() => void enter(p)}>
                  <Face name={p.name} size={34} />
                  <span className={styles["text"]}>
                    <bdi className={styles["name"]}>{p.name}</bdi>
                    <span className={styles["role"]}>
                      {sayOr(`role.${p.role}`, p.role)}
                      {p.department && `, ${p.department}`}
                    </span>
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        )}
      </Async>
    </>
  );
}
