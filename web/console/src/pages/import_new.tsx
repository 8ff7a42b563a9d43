// Choosing a file to import. It is only checked: nothing changes until the
// next page says so.

import { useId, useState } from "preact/hooks";
import type { ImportKind } from "../../../shared/api";
import { importCheck } from "../api/units";
import { Button, LinkButton } from "../parts/button";
import { DateField } from "../parts/date_field";
import { SelectField } from "../parts/field";
import { Icon } from "../parts/icon";
import { Page } from "../parts/page";
import { FormError, Notice } from "../parts/states";
import { useAct } from "../state/load";
import { go } from "../state/router";
import { t } from "../words";
import { size, today } from "../words/format";

const kinds: ImportKind[] = ["units_before", "units_after", "lineage", "units"];

/** The two-tier order began on this day; a list of one's own may describe any. */
const days: Record<ImportKind, () => string> = {
    units_before: () => "2025-06-30",
    units_after: () => "2025-07-01",
    lineage: () => "2025-07-01",
    units: today,
};

export default function ImportNew() {
    const [kind, setKind] = useState<ImportKind>("units_after");
    const [on, setOn] = useState(days.units_after());
    const [file, setFile] = useState<File | null>(null);
    const [missing, setMissing] = useState(false);
    const act = useAct();
    const submit = async () => {
        setMissing(file === null);
        if (file !== null) {
            await act.run(async () => {
                const made = await importCheck(kind, on, file);
                void go(`/imports/${made.id}`);
            });
        }
    };
    return (
        <Page
            title={t("imports.new")}
            crumbs={[{ label: t("section.imports"), href: "/imports" }]}
            lead={t("import_new.lead")}
        >
            <form
                class="panel stack"
                noValidate
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} />
                <div class="form-grid">
                    <SelectField
                        label={t("imports.kind")}
                        hint={t(`import_hint.${kind}`)}
                        value={kind}
                        options={kinds.map((value) => ({ value, label: t(`import_kind.${value}`) }))}
                        onChange={(next) => {
                            setKind(next);
                            setOn(days[next]());
                        }}
                    />
                    <DateField
                        label={t("imports.on")}
                        hint={t("imports.on_hint")}
                        value={on}
                        onInput={setOn}
                        required
                    />
                </div>
                <FileField file={file} onPick={setFile} />
                {missing && file === null && (
                    <div role="alert">
                        <Notice kind="warning">{t("import_new.missing")}</Notice>
                    </div>
                )}
                <div class="form-foot">
                    <Button submit kind="primary" busy={act.busy}>
                        {t("import_new.go")}
                    </Button>
                    <LinkButton href="/imports">{t("action.cancel")}</LinkButton>
                </div>
            </form>
        </Page>
    );
}

interface FileProps {
    file: File | null;
    onPick: (file: File | null) => void;
}

/** The native input covers the box, so that dropping a file works by itself. */
function FileField({ file, onPick }: FileProps) {
    const id = useId();
    return (
        <div class="file">
            <label for={id}>
                <Icon name="import" />
                <span>{file === null ? t("import_new.choose") : file.name}</span>
                <span class="quiet">{file === null ? t("import_new.choose_hint") : size(file.size)}</span>
            </label>
            <input
                id={id}
                type="file"
                accept=".csv,text/csv"
                onChange={(event) => onPick(event.currentTarget.files?.[0] ?? null)}
            />
        </div>
    );
}
