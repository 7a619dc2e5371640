// An independent client verifies our access tokens offline, by the published keys alone.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SignJWT, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, exportJWK, generateKeyPair, jwtVerify } from "jose";
import { Gatehouse } from "./gatehouse.mjs";

const audience = "https://api.example.com";
const lifeSeconds = 300;

/** The token with another claim and the old signature. */
function withClaim(token, name, value) {
  const [header, , signature] = token.split(".");
  const payload = { ...decodeJwt(token), [name]: value };
  return [header, Buffer.from(JSON.stringify(payload)).toString("base64url"), signature].join(".");
}

function withHeader(token, changes, signature = token.split(".")[2]) {
  const header = { ...decodeProtectedHeader(token), ...changes };
  return [Buffer.from(JSON.stringify(header)).toString("base64url"), token.split(".")[1], signature].join(".");
}

for (const [algorithm, keyParameters] of Object.entries({
  ES256: { kty: "EC", crv: "P-256", members: ["x", "y"] },
  EdDSA: { kty: "OKP", crv: "Ed25519", members: ["x"] },
  RS256: { kty: "RSA", members: ["n", "e"] },
})) {
  describe(`access tokens with ${algorithm}`, () => {
    let gatehouse, founder, keys, rules;

    before(async () => {
      gatehouse = await Gatehouse.start({ GATEHOUSE_SIGNING__ALGORITHM: algorithm, GATEHOUSE_AUDIENCE: audience });
      founder = await gatehouse.founder("founder@example.com", "Harbour Works");
      keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", gatehouse.origin));
      rules = { issuer: gatehouse.origin, audience, typ: "at+jwt", algorithms: [algorithm] };
    });
    after(() => gatehouse.stop());

    it("publishes public keys and nothing private", async () => {
      const { status, headers, body } = await gatehouse.ask("GET", "/.well-known/jwks.json");
      assert.equal(status, 200);
      assert.match(headers.get("content-type"), /^application\/(jwk-set\+)?json$/);
      assert.equal(body.keys.length, 1);
      const { members, ...fixed } = keyParameters;
      const [key] = body.keys;
      assert.deepEqual(Object.keys(key).sort(), [...members, ...Object.keys(fixed), "kid", "alg", "use"].sort());
      for (const [name, value] of Object.entries({ ...fixed, alg: algorithm, use: "sig" })) assert.equal(key[name], value);
    });

    it("verify with what they say of the person, the session and the rights", async () => {
      const { payload, protectedHeader } = await jwtVerify(founder.token, keys, rules);
      assert.equal(protectedHeader.alg, algorithm);
      assert.equal(payload.sub, founder.user.id);
      assert.equal(payload.org, founder.organization.id);
      assert.equal(payload.role, "owner");
      assert.ok(payload.permissions.includes("members:invite"));
      assert.match(payload.sid, /^ses_[0-9a-z]{26}$/);
      assert.ok(payload.jti);
      assert.equal(payload.exp - payload.iat, lifeSeconds);
      assert.ok(Math.abs(payload.iat - Date.now() / 1000) < 30);
      assert.ok(founder.token.length <= 4096);
    });

    it("have a jti of their own each", async () => {
      const other = await gatehouse.signIn("founder@example.com");
      await jwtVerify(other.access_token, keys, rules);
      assert.notEqual(decodeJwt(other.access_token).jti, decodeJwt(founder.token).jti);
    });

    it("are refused when they have expired", async () => {
      const later = (seconds) => new Date((decodeJwt(founder.token).iat + seconds) * 1000);
      await jwtVerify(founder.token, keys, { ...rules, currentDate: later(lifeSeconds - 1) });
      await assert.rejects(jwtVerify(founder.token, keys, { ...rules, currentDate: later(lifeSeconds + 1) }), errors.JWTExpired);
    });

    it("are refused for another audience, issuer or type", async () => {
      for (const wrong of [{ audience: "https://other.example.com" }, { issuer: "https://evil.example" }, { typ: "JWT" }]) {
        await assert.rejects(jwtVerify(founder.token, keys, { ...rules, ...wrong }), errors.JWTClaimValidationFailed);
      }
    });

    it("are refused, there and by the service, when a byte of them was changed", async () => {
      const { privateKey, publicKey } = await generateKeyPair(algorithm);
      const claims = decodeJwt(founder.token);
      const forged = await new SignJWT(claims).setProtectedHeader(decodeProtectedHeader(founder.token)).sign(privateKey);
      const withKey = await new SignJWT(claims)
        .setProtectedHeader({ ...decodeProtectedHeader(founder.token), jwk: await exportJWK(publicKey) }).sign(privateKey);
      const signature = founder.token.split(".")[2];
      const bad = {
        "another role": withClaim(founder.token, "role", "admin"),
        "another person": withClaim(founder.token, "sub", "usr_01jd0000000000000000000000"),
        "a later end": withClaim(founder.token, "exp", claims.exp + 3600),
        "another signature": founder.token.replace(signature, (signature[0] === "A" ? "B" : "A") + signature.slice(1)),
        "no signature": withHeader(founder.token, { alg: "none" }, ""),
        "another algorithm": withHeader(founder.token, { alg: "HS256" }),
        "another key id": withHeader(founder.token, { kid: "unknown" }),
        "a key of the forger": forged,
        "a key that it brings along": withKey,
      };
      assert.equal((await gatehouse.ask("GET", "/v1/session", { token: founder.token })).status, 200);
      for (const [what, token] of Object.entries(bad)) {
        await assert.rejects(jwtVerify(token, keys, rules), errors.JOSEError, what);
        const answer = await gatehouse.ask("GET", "/v1/session", { token });
        assert.equal(answer.status, 401, what);
        assert.match(answer.headers.get("www-authenticate"), /^Bearer/);
      }
    });
  });
}
