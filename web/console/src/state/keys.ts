// Security keys and passkeys (WebAuthn): turns the server's offer into the
// browser's call and the browser's answer into plain base64url text.

import type { KeyAnswer, KeyAsk, KeyEnrolment, KeyOffer } from "../../../shared/api";

export const keysWork = "PublicKeyCredential" in window && isSecureContext;

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function textOf(bytes: ArrayBuffer): string {
    let plain = "";
    for (const byte of new Uint8Array(bytes)) {
        plain += String.fromCharCode(byte);
    }
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function credential(id: string): PublicKeyCredentialDescriptor {
    return { type: "public-key", id: bytesOf(id) };
}

/** null when the person cancelled or the key was not there in time. */
export async function keyUse(ask: KeyAsk): Promise<KeyAnswer | null> {
    const found = await quietly(
        navigator.credentials.get({
            publicKey: {
                challenge: bytesOf(ask.challenge),
                rpId: ask.rp_id,
                timeout: ask.timeout_ms,
                allowCredentials: ask.allow.map(({ id }) => credential(id)),
                userVerification: "preferred",
            },
        }),
    );
    if (
        !(found instanceof PublicKeyCredential) ||
        !(found.response instanceof AuthenticatorAssertionResponse)
    ) {
        return null;
    }
    return {
        id: textOf(found.rawId),
        authenticator_data: textOf(found.response.authenticatorData),
        client_data: textOf(found.response.clientDataJSON),
        signature: textOf(found.response.signature),
    };
}

export async function keyMake(offer: KeyOffer, name: string): Promise<KeyEnrolment | null> {
    const made = await quietly(
        navigator.credentials.create({
            publicKey: {
                challenge: bytesOf(offer.challenge),
                rp: offer.rp,
                user: {
                    id: bytesOf(offer.user.id),
                    name: offer.user.name,
                    displayName: offer.user.display_name,
                },
                pubKeyCredParams: offer.algorithms.map((alg) => ({ type: "public-key", alg })),
                excludeCredentials: offer.exclude.map(({ id }) => credential(id)),
                timeout: offer.timeout_ms,
                attestation: "none",
                authenticatorSelection: { userVerification: "preferred" },
            },
        }),
    );
    if (
        !(made instanceof PublicKeyCredential) ||
        !(made.response instanceof AuthenticatorAttestationResponse)
    ) {
        return null;
    }
    return {
        name,
        attestation_object: textOf(made.response.attestationObject),
        client_data: textOf(made.response.clientDataJSON),
    };
}

/** Cancelling is an answer, not a fault. */
async function quietly(wanted: Promise<Credential | null>): Promise<Credential | null> {
    try {
        return await wanted;
    } catch (cause) {
        if (cause instanceof DOMException && ["NotAllowedError", "AbortError", "InvalidStateError"].includes(cause.name)) {
            return null;
        }
        throw cause;
    }
}
