// Which role may do what: the table that the server itself obeys.

import type { Right, Roles } from "../../../shared/api";
import { roleList } from "../api/people";
import { Icon } from "../parts/icon";
import { Page, Panel } from "../parts/page";
import { Show } from "../parts/states";
import { useLoad } from "../state/load";
import { t } from "../words";

export default function RolesPage() {
    const roles = useLoad("roles", roleList);
    return (
        <Page title={t("section.roles")} lead={t("roles.lead")}>
            <Show of={roles}>
                {(ready) => (
                    <div class="stack">
                        <Matrix roles={ready} />
                        <Panel title={t("roles.about")}>
                            <dl class="role-list">
                                {ready.items.map((role) => (
                                    <div key={role.role}>
                                        <dt>{role.title}</dt>
                                        <dd>{role.about}</dd>
                                        <dd class="narrow-only">
                                            <Rights roles={ready} of={role.rights} />
                                        </dd>
                                    </div>
                                ))}
                            </dl>
                        </Panel>
                    </div>
                )}
            </Show>
        </Page>
    );
}

/** On a phone the table has no room: each role says what it may do. */
function Rights({ roles, of }: { roles: Roles; of: Right[] }) {
    return (
        <ul class="role-rights">
            {roles.rights
                .filter(({ right }) => of.includes(right))
                .map(({ right, title }) => (
                    <li key={right}>
                        <Icon name="check" />
                        {title}
                    </li>
                ))}
        </ul>
    );
}

function Matrix({ roles }: { roles: Roles }) {
    return (
        <div class="matrix-frame" tabIndex={0} role="region" aria-label={t("section.roles")}>
            <table class="matrix">
                <caption class="hidden-words">{t("section.roles")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("roles.right")}</th>
                        {roles.items.map((role) => (
                            <th key={role.role} scope="col">
                                {role.title}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {roles.rights.map((right) => (
                        <tr key={right.right}>
                            <th scope="row">
                                {right.title}
                                <code class="quiet">{right.right}</code>
                            </th>
                            {roles.items.map((role) => {
                                const has = role.rights.includes(right.right);
                                return (
                                    <td key={role.role} class={has ? "matrix-yes" : "matrix-no"}>
                                        {has && <Icon name="check" />}
                                        <span class="hidden-words">{has ? t("roles.yes") : t("roles.no")}</span>
                                    </td>
                                );
                            })}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
