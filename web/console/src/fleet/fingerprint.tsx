// A fingerprint in groups that two people can read to each other.

import { t } from "../words";

export function Fingerprint({ text }: { text: string }) {
    const groups = text.includes("-") || text.includes(" ") ? text.split(/[- ]/) : (text.match(/.{1,4}/g) ?? []);
    return (
        <p class="fingerprint">
            <span class="quiet">{t("device.fingerprint")}</span>
            <code aria-label={text}>
                {groups.map((group, index) => (
                    <span key={index}>{group}</span>
                ))}
            </code>
        </p>
    );
}
