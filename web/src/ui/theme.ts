import {
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";
import { say } from "@/lib/words";

const grey: MantineColorsTuple = [
  "#f8f9fb", "#f1f2f5", "#e4e6eb", "#d6d9df", "#c0c4cc", "#9da2ad", "#636873", "#4b4f58", "#33363d", "#1b1d22",
]; // prettier-ignore
const dark: MantineColorsTuple = [
  "#e8eaef", "#b9bdc7", "#979ca8", "#737884", "#3f424c", "#2a2c33", "#212329", "#191a1e", "#141518", "#0e0f11",
]; // prettier-ignore
const blue: MantineColorsTuple = [
  "#f2f7ff", "#e2eeff", "#c6deff", "#a2c8ff", "#78acf9", "#5492ec", "#3279de", "#1663c9", "#0c4fa7", "#0e3d7d",
]; // prettier-ignore
const violet: MantineColorsTuple = [
  "#f7f5fe", "#efe9fe", "#e0d5fd", "#ccbaf9", "#b499ef", "#9e7be1", "#8a60d2", "#7649bd", "#60399d", "#492d76",
]; // prettier-ignore
const red: MantineColorsTuple = [
  "#fff4f2", "#ffe6e3", "#ffcec9", "#ffada6", "#f4877f", "#e4635e", "#d34040", "#bc2129", "#9c151e", "#751619",
]; // prettier-ignore
const yellow: MantineColorsTuple = [
  "#fbf6f0", "#fdf1d8", "#f6e2b8", "#eccb85", "#e3b95f", "#d9a43a", "#b97d10", "#8a5200", "#6f4200", "#543100",
]; // prettier-ignore
const green: MantineColorsTuple = [
  "#f2f9f4", "#e2f2e6", "#c6e6d0", "#a1d4b2", "#75be8f", "#4ca871", "#1c9357", "#007e41", "#006733", "#004e28",
]; // prettier-ignore

/** What a component is given when nothing else is said; by name, so that the component itself is loaded only where used. */
function withProps(defaultProps: object): { defaultProps: object } {
  return { defaultProps };
}

/** Fills that mean something: who will read what is about to be sent. */
const fills: Record<string, { background: string; hover: string; color: string }> = {
  ink: { background: "var(--sb-fill)", hover: "var(--sb-fill-hover)", color: "var(--sb-fill-text)" },
  public: { background: "#1663c9", hover: "#0c4fa7", color: "#fff" },
  private: { background: "#7649bd", hover: "#60399d", color: "#fff" },
  note: { background: "var(--sb-note-fill)", hover: "var(--sb-note-fill-hover)", color: "var(--sb-note-fill-text)" },
};

const variantColors: VariantColorsResolver = (input) => {
  const fill = input.color ? fills[input.color] : undefined;
  if (fill && input.variant === "filled") {
    return { ...fill, border: "1px solid transparent" };
  }
  if (input.color === "ink" && (input.variant === "subtle" || input.variant === "transparent")) {
    return {
      background: "transparent",
      hover: "var(--sb-hover)",
      color: "var(--sb-ink-2)",
      border: "1px solid transparent",
    };
  }
  if (input.color === "ink" && input.variant === "light") {
    return {
      background: "var(--sb-sunken)",
      hover: "var(--sb-hover)",
      color: "var(--sb-ink)",
      border: "1px solid transparent",
    };
  }
  return defaultVariantColorsResolver(input);
};

/** Mantine's own variables, said in our tokens, so that both can stand side by side. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--sb-surface)",
    "--mantine-color-text": "var(--sb-ink)",
    "--mantine-color-dimmed": "var(--sb-ink-3)",
    "--mantine-color-placeholder": "var(--sb-ink-3)",
    "--mantine-color-anchor": "var(--sb-accent)",
    "--mantine-color-error": "var(--sb-urgent)",
    "--mantine-color-default": "var(--sb-surface)",
    "--mantine-color-default-hover": "var(--sb-hover)",
    "--mantine-color-default-color": "var(--sb-ink)",
    "--mantine-color-default-border": "var(--sb-line-strong)",
  };
  return { variables: {}, light: shared, dark: shared };
};

export const theme = createTheme({
  colors: { gray: grey, dark, blue, violet, red, yellow, green, ink: grey },
  primaryColor: "blue",
  primaryShade: 7,
  variantColorResolver: variantColors,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "16px" },
  focusRing: "auto",
  cursorType: "pointer",
  components: {
    Button: withProps({ color: "ink", size: "sm", fw: 550 }),
    ActionIcon: withProps({ variant: "subtle", color: "ink" }),
    Badge: withProps({ variant: "light", radius: "sm", tt: "none", fw: 550 }),
    Tooltip: withProps({ openDelay: 350, withinPortal: true, transitionProps: { duration: 80 } }),
    Menu: withProps({ shadow: "md", transitionProps: { duration: 80 }, position: "bottom-end" }),
    Popover: withProps({ shadow: "md", transitionProps: { duration: 80 } }),
    Modal: withProps({
      closeButtonProps: { "aria-label": say("do.close") },
      transitionProps: { duration: 100, transition: "fade" },
      overlayProps: { backgroundOpacity: 0.35 },
    }),
    Drawer: withProps({
      closeButtonProps: { "aria-label": say("do.close") },
      transitionProps: { duration: 120 },
      overlayProps: { backgroundOpacity: 0.35 },
    }),
    SegmentedControl: withProps({ size: "xs", radius: "md" }),
  },
});
