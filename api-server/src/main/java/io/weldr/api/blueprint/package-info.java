/**
 * Blueprints: what an image shall contain. The values, reading and writing them as TOML and JSON,
 * and their history in a git repository.
 */
package io.weldr.api.blueprint;
