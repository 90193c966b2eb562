package io.weldr.api.worker;

import java.util.List;
import java.util.UUID;

/** Hears what happens to composes; called by one thread at a time. */
public interface WorkerListener {

  /** All composes there are: at the first connection and after each reconnection. */
  void snapshot(List<WorkerCompose> composes);

  /** A compose that is new or has changed. */
  void changed(WorkerCompose compose);

  /** A compose that is gone. */
  void deleted(UUID id);

  /** What an administrator should know about the worker: the whole list, one sentence each. */
  void notices(List<String> sentences);
}
