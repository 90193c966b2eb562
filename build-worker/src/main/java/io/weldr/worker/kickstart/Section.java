package io.weldr.worker.kickstart;

/** One part of a kickstart document, in the order of the file. Comments are not kept. */
public sealed interface Section permits Command, Script, AddOn, Packages {}
