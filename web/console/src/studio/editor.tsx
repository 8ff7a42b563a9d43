// The form of a bulletin, thought for a thumb: what everybody fills in on top,
// the rest folded; it saves by itself, and one button sends it on.

import { useEffect, useState } from "preact/hooks";
import type { Bulletin, BulletinContent } from "../../../shared/studio";
import { bulletinSubmit, categoryList } from "../api/studio";
import { Button } from "../parts/button";
import { SelectField, TextField } from "../parts/field";
import { Panel } from "../parts/page";
import { FormError, Notice } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { addressSet, go } from "../state/router";
import { remember, remembered } from "../state/store";
import { t } from "../words";
import { Conflict } from "./conflict";
import { lacksOf, languagesOf, textDrop, textOf, type Lack } from "./content";
import { Details } from "./details";
import { draftClose, draftSave, draftSet, type Draft } from "./draft";
import { SaveState } from "./save_state";
import { Similar } from "./similar";
import { TemplatesBar } from "./templates_bar";
import { TextPart } from "./text_part";
import { bulletinClasses, tongueName, tongues } from "./words";

interface EditorProps {
    draft: Draft;
    /** What the server said when the form was opened; null: it has nothing yet. */
    bulletin: Bulletin | null;
    restored: boolean;
}

export function Editor({ draft, bulletin, restored }: EditorProps) {
    const [tried, setTried] = useState(0);
    const [waiting, setWaiting] = useState<ReadonlySet<string>>(new Set());
    const act = useAct();
    const content = draft.content.value;
    const theirs = draft.theirs.value;
    const id = draft.id.value;
    const set = (change: Partial<BulletinContent>) => draftSet(draft, (was) => ({ ...was, ...change }));
    useEffect(() => () => draftClose(draft), [draft]);
    useEffect(() => {
        if (id !== null) {
            addressSet(`/bulletins/${id}/edit`);
        }
    }, [id]);
    const lacks = lacksOf(content).filter(({ what, language }) => what !== "sound" || !waiting.has(language));
    const shown = tried > 0 ? lacks : [];
    // To the first field that lacks something: on a phone it is out of sight.
    useEffect(() => {
        if (tried > 0) {
            document.querySelector<HTMLElement>(".editor [aria-invalid=true]")?.focus();
        }
    }, [tried]);
    const submit = () =>
        act.run(async () => {
            setTried((n) => n + 1);
            if (lacks.length > 0 || waiting.size > 0 || !(await draftSave(draft))) {
                return;
            }
            const sent = await bulletinSubmit(draft.id.peek() ?? 0, draft.revision);
            topicTouch("bulletins");
            toastDone(t("bulletin.submitted"));
            void go(`/bulletins/${sent.id}`);
        });
    if (theirs !== null) {
        return <Conflict key={theirs.revision} draft={draft} theirs={theirs} />;
    }
    return (
        <form
            class="editor stack"
            // What is lacking is said in our words, all at once, not by the browser one by one.
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            {restored && <Notice>{t("bulletin.restored")}</Notice>}
            {bulletin?.state === "returned" && bulletin.reason && (
                <Notice kind="warning">
                    <p>
                        <b>{t("bulletin.was_returned")}</b> {bulletin.reason}
                    </p>
                </Notice>
            )}
            {id === null && <TemplatesBar draft={draft} />}
            <section class="panel stack">
                <Head content={content} set={set} lacks={shown} />
                <Similar id={id} title={content.title} text={textOf(content, "vi", "sound").text} />
            </section>
            <Texts draft={draft} lacks={shown} waiting={waiting} onWaiting={setWaiting} />
            <Details draft={draft} />
            <FormError error={act.error ?? draft.error.value} />
            {shown.length > 0 && <Lacks lacks={shown} />}
            <div class="form-foot form-foot-stuck editor-foot">
                <Button submit kind="primary" icon="send" busy={act.busy} disabled={waiting.size > 0}>
                    {t(bulletin?.state === "submitted" ? "bulletin.submit_again" : "bulletin.submit")}
                </Button>
                <div class="editor-said">
                    {waiting.size > 0 && <p class="quiet">{t("bulletin.sound_waits")}</p>}
                    <SaveState draft={draft} />
                </div>
            </div>
        </form>
    );
}

interface HeadProps {
    content: BulletinContent;
    set: (change: Partial<BulletinContent>) => void;
    lacks: Lack[];
}

function Head({ content, set, lacks }: HeadProps) {
    const categories = useLoad("categories", categoryList);
    const lacking = (what: Lack["what"]) => lacks.some((lack) => lack.what === what);
    const items = (categories.data?.items ?? []).filter(({ code, retired }) => !retired || code === content.category);
    // A commune writes about the same things week after week.
    useEffect(() => {
        const last = remembered("category");
        if (content.category === null && last !== null && items.some(({ code }) => code === last)) {
            set({ category: last });
        }
    }, [categories.data]);
    return (
        <>
            <TextField
                label={t("bulletin.title")}
                value={content.title}
                onInput={(title) => set({ title })}
                error={lacking("title") ? t("lack.title") : undefined}
                maxLength={200}
                required
            />
            <div class="form-grid">
                <SelectField
                    label={t("bulletin.category")}
                    value={content.category ?? ""}
                    options={[{ value: "", label: t("bulletin.category_none") }, ...items.map(({ code, name }) => ({ value: code, label: name }))]}
                    onChange={(code) => {
                        remember("category", code || null);
                        set({ category: code || null });
                    }}
                    error={lacking("category") ? t("lack.category") : undefined}
                />
                <fieldset class="field">
                    <legend class="field-label">{t("bulletin.class")}</legend>
                    <div class="switch switch-wide">
                        {bulletinClasses.map((one) => (
                            <button key={one} type="button" aria-pressed={content.class === one} class={`class-${one}`} onClick={() => set({ class: one })}>
                                {t(`bulletin_class.${one}`)}
                            </button>
                        ))}
                    </div>
                    <p class="field-hint">{t(`bulletin_class_hint.${content.class}`)}</p>
                </fieldset>
            </div>
        </>
    );
}

interface TextsProps {
    draft: Draft;
    lacks: Lack[];
    waiting: ReadonlySet<string>;
    onWaiting: (waiting: ReadonlySet<string>) => void;
}

function Texts({ draft, lacks, waiting, onWaiting }: TextsProps) {
    const content = draft.content.value;
    const [added, setAdded] = useState<string[]>([]);
    const languages = [...new Set([...languagesOf(content), ...added])];
    const [chosen, setChosen] = useState("vi");
    const language = languages.includes(chosen) ? chosen : "vi";
    const rest = tongues.filter((one) => !languages.includes(one));
    const waits = (yes: boolean) => {
        if (yes !== waiting.has(language)) {
            const next = new Set(waiting);
            if (yes) {
                next.add(language);
            } else {
                next.delete(language);
            }
            onWaiting(next);
        }
    };
    const lacking = new Set<string>(lacks.filter((lack) => lack.language === language).map(({ what }) => what));
    return (
        <Panel
            title={t("bulletin.texts")}
            actions={
                <div class="tongue-add">
                    <SelectField
                        label={t("bulletin.language_add")}
                        value=""
                        options={[{ value: "", label: t("bulletin.language_add") }, ...rest.map((code) => ({ value: code, label: tongueName(code) }))]}
                        onChange={(code) => {
                            if (code !== "") {
                                setAdded([...added, code]);
                                setChosen(code);
                            }
                        }}
                    />
                </div>
            }
        >
            {languages.length > 1 && (
                <div class="tongues" role="group" aria-label={t("bulletin.languages")}>
                    {languages.map((code) => (
                        <button key={code} type="button" class="tongue" aria-pressed={code === language} onClick={() => setChosen(code)}>
                            {tongueName(code)}
                        </button>
                    ))}
                    {language !== "vi" && (
                        <Button
                            small
                            kind="quiet"
                            icon="trash"
                            onClick={() => {
                                setAdded(added.filter((code) => code !== language));
                                draftSet(draft, (was) => textDrop(was, language, null));
                                setChosen("vi");
                            }}
                        >
                            {t("bulletin.language_remove", { language: tongueName(language) })}
                        </Button>
                    )}
                </div>
            )}
            <TextPart key={language} draft={draft} language={language} lacking={lacking} onWaits={waits} />
        </Panel>
    );
}

function Lacks({ lacks }: { lacks: Lack[] }) {
    return (
        <div class="notice notice-warning" role="alert">
            <div class="notice-body">
                <p>{t("lack.lead")}</p>
                <ul>
                    {lacks.map(({ what, language }) => (
                        <li key={`${what}|${language}`}>{t(`lack.${what}`, { language: tongueName(language) })}</li>
                    ))}
                </ul>
            </div>
        </div>
    );
}
