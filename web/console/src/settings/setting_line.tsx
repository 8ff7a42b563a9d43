// One setting: what it is for, its value and where that came from, and, when
// it may be changed while the server runs, the form that changes it.

import { useState } from "preact/hooks";
import type { Setting, SettingValue } from "../../../shared/api";
import { settingReset, settingSet } from "../api/people";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { SelectField, TextField } from "../parts/field";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { useAct } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { rangeWords, valueOf, valueText, valueWords } from "./value";

interface LineProps {
    setting: Setting;
    onChanged: () => void;
}

export function SettingLine({ setting, onChanged }: LineProps) {
    const [editing, setEditing] = useState(false);
    const editable = setting.live && can("settings_write");
    return (
        <li class="setting" id={`setting-${setting.key}`}>
            <div class="setting-words">
                <h3>{setting.title}</h3>
                <p class="setting-help">{setting.help}</p>
                <code class="quiet">{setting.key}</code>
            </div>
            <div class="setting-value">
                <span class="setting-now">{valueWords(setting, setting.value)}</span>
                <Badge tone={setting.source === "console" ? "info" : "calm"}>
                    {t(`settings_source.${setting.source}`)}
                </Badge>
            </div>
            {editable && !editing && (
                <Button small icon="edit" onClick={() => setEditing(true)}>
                    {t("action.edit")}
                    <span class="hidden-words"> {setting.title}</span>
                </Button>
            )}
            {editing && (
                <SettingForm
                    setting={setting}
                    onDone={() => {
                        setEditing(false);
                        onChanged();
                    }}
                    onCancel={() => setEditing(false)}
                />
            )}
        </li>
    );
}

interface FormProps {
    setting: Setting;
    onDone: () => void;
    onCancel: () => void;
}

/** Back to what it was: to the old value, or to having none of its own. */
async function putBack(setting: Setting): Promise<void> {
    if (setting.source === "console") {
        await settingSet(setting.key, setting.value);
    } else {
        await settingReset(setting.key);
    }
}

function SettingForm({ setting, onDone, onCancel }: FormProps) {
    const [text, setText] = useState(valueText(setting.value));
    const act = useAct();
    const change = (work: () => Promise<Setting>) =>
        act.run(async () => {
            const next = await work();
            const words = { title: setting.title, value: valueWords(next, next.value) };
            toastDone(t("settings.saved", words), async () => {
                await putBack(setting);
                onDone();
            });
            onDone();
        });
    return (
        <form
            class="setting-form"
            onSubmit={(event) => {
                event.preventDefault();
                void change(() => settingSet(setting.key, valueOf(setting, text)));
            }}
        >
            <ValueField setting={setting} text={text} onInput={setText} error={act.error?.field("value")} />
            <FormError error={act.error} shown={["value"]} />
            <div class="form-foot">
                <Button submit small kind="primary" busy={act.busy}>
                    {t("action.save")}
                </Button>
                <Button small onClick={onCancel}>
                    {t("action.cancel")}
                </Button>
                {setting.source === "console" && (
                    <Button small kind="quiet" icon="undo" busy={act.busy} onClick={() => void change(() => settingReset(setting.key))}>
                        {t("settings.reset")}
                    </Button>
                )}
            </div>
        </form>
    );
}

interface ValueProps {
    setting: Setting;
    text: string;
    onInput: (text: string) => void;
    error: string | undefined;
}

function ValueField({ setting, text, onInput, error }: ValueProps) {
    const label = t("settings.value");
    const hint = [rangeWords(setting), unitHint(setting)].filter(Boolean).join(" ");
    const preset: SettingValue = setting.default;
    const hints = `${hint} ${t("settings.default", { value: valueWords(setting, preset) })}`.trim();
    if (setting.type === "bool" || setting.type === "choice") {
        const values = setting.type === "bool" ? ["true", "false"] : (setting.choices ?? []);
        const word = (value: string) =>
            setting.type === "bool" ? t(value === "true" ? "settings.on" : "settings.off") : value;
        return (
            <SelectField
                label={label}
                hint={hints}
                value={text}
                options={values.map((value) => ({ value, label: word(value) }))}
                onChange={onInput}
                error={error}
            />
        );
    }
    return (
        <TextField
            label={label}
            hint={hints}
            value={text}
            onInput={onInput}
            inputMode={setting.type === "text" ? "text" : "numeric"}
            error={error}
            required
        />
    );
}

function unitHint(setting: Setting): string {
    if (setting.type === "seconds") {
        return t("settings.in_seconds");
    }
    return setting.type === "bytes" ? t("settings.in_bytes") : "";
}
