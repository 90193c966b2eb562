package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.List;
import java.util.Map;

/** {@code distros/list} of version 1: the distribution of the host, the only one there is. */
final class DistrosResource implements HttpService {
  private final ApiVersion version;
  private final PackageAccess packages;

  DistrosResource(ApiVersion version, PackageAccess packages) {
    this.version = version;
    this.packages = packages;
  }

  @Override
  public void routing(HttpRules rules) {
    if (version == ApiVersion.V1) {
      new Routes(rules)
          .get(
              "/distros/list",
              (request, response) ->
                  Replies.json(request, response, Map.of("distros", List.of(packages.distro()))));
    }
  }
}
