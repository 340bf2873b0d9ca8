/** The styles of the parts of forms: for the screens that have them, which are read when first wanted. */
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/ScrollArea.css";
import "@mantine/core/styles/Checkbox.css";
import "@mantine/core/styles/Pill.css";
import "@mantine/core/styles/PillsInput.css";
import "@mantine/core/styles/Combobox.css";
import "@mantine/core/styles/NumberInput.css";
import "@mantine/core/styles/PasswordInput.css";
import "@mantine/core/styles/Radio.css";
import "@mantine/core/styles/SimpleGrid.css";
import "@mantine/core/styles/Switch.css";
