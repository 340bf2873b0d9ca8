import {
  type ButtonHTMLAttributes,
  cloneElement,
  type ReactElement,
  type ReactNode,
  Suspense,
  useEffect,
  useRef,
  useState,
} from "react";

interface Props {
  /** The button as it is before its menu is there. */
  button: ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;
  /** Reads the menu; called when somebody is about to want it. */
  read: () => Promise<unknown>;
  /** What opens: a menu, or a sheet of another kind. */
  opens?: "menu" | "dialog";
  /** The same button with its menu, which useOpenedAtOnce opens. */
  children: ReactNode;
}

/** A button whose menu is read when it is wanted: menus weigh much of the first page, and most of them are not opened. */
export function LazyMenu({ button, read, opens = "menu", children }: Props) {
  const [wanted, setWanted] = useState(false);
  const soon = () => void read().catch(() => undefined); // the click tries again, and tells
  const plain = cloneElement(button, {
    "aria-haspopup": opens,
    "aria-expanded": false,
    onClick: () => setWanted(true),
    onFocus: soon,
    onPointerEnter: soon,
  });
  return wanted ? <Suspense fallback={plain}>{children}</Suspense> : plain;
}

/** Opens a menu as soon as it is there, with the focus on its own button: there it returns to. */
export function useOpenedAtOnce() {
  const target = useRef<HTMLButtonElement>(null);
  const [opened, onChange] = useState(false);
  useEffect(() => {
    // It was read because its button was pressed.
    target.current?.focus();
    onChange(true);
  }, []);
  return { target, menu: { opened, onChange } };
}
