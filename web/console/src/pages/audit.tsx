// The audit log: every change, by whom, from where, before and after.

import { auditExportUrl, auditList } from "../api/people";
import type { Query } from "../api/client";
import { AuditFilters, auditKeys } from "../audit/filters";
import { AuditLines } from "../audit/lines";
import { useVerify } from "../audit/verify";
import { LinkButton } from "../parts/button";
import { Page } from "../parts/page";
import { ErrorState, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList } from "../state/load";
import { here } from "../state/router";
import { can } from "../state/session";
import { t } from "../words";

export default function Audit() {
    const { query } = here.value;
    const filter: Query = Object.fromEntries(auditKeys.map((key) => [key, query.get(key)]));
    const list = useList(
        JSON.stringify(filter),
        (after) => auditList({ ...filter, after }),
        ["audit"],
    );
    const verify = useVerify();
    const days = { from: query.get("from"), to: query.get("to") };
    return (
        <Page
            title={t("section.audit")}
            lead={t("audit.lead")}
            actions={
                <>
                    {verify.button}
                    {can("audit_export") && (
                        <>
                            <LinkButton icon="export" download href={auditExportUrl({ format: "jsonl", ...days })}>
                                {t("audit.export_jsonl")}
                            </LinkButton>
                            <LinkButton icon="export" download href={auditExportUrl({ format: "syslog", ...days })}>
                                {t("audit.export_syslog")}
                            </LinkButton>
                        </>
                    )}
                </>
            }
        >
            {verify.outcome}
            <AuditFilters />
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={8} />}
            {list.items && (
                <div class="panel" aria-busy={list.loading}>
                    <AuditLines lines={list.items} />
                </div>
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}
