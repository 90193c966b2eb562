package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleMetadataTest {
  @Test
  void eachStreamIsTheDefaultOfItsModule() {
    String documents =
        ModuleMetadata.documents(
            List.of(
                "bash-0:5-1.x86_64 (none)",
                "perl-doc-4:5.26-1.noarch perl:5.26:20200101:aa",
                "perl-4:5.26-1.x86_64 perl:5.26:20210101:bb",
                "nginx-1:1.20-1~rc1.aarch64 nginx:1.20:20220101:cc"));

    assertEquals(
        """
        ---
        document: modulemd
        version: 2
        data:
          name: "perl"
          stream: "5.26"
          version: 20200101
          context: "aa"
          arch: "x86_64"
          summary: "packages of a compose"
          description: "packages of a compose"
          license:
            module: ["MIT"]
          artifacts:
            rpms:
            - "perl-doc-4:5.26-1.noarch"
            - "perl-4:5.26-1.x86_64"
        ...
        ---
        document: modulemd-defaults
        version: 1
        data:
          module: "perl"
          stream: "5.26"
        ...
        """,
        documents.substring(0, documents.indexOf("---\ndocument: modulemd\n", 4)));
    assertEquals(2, documents.split("document: modulemd\n", -1).length - 1);
  }

  @Test
  void whatIsNotPlainIsLeftOut() {
    for (String line :
        List.of(
            "",
            "x-0:1-1.noarch",
            "x-0:1-1.noarch a:b",
            "x-0:1-1.noarch a:b:1:c:d",
            "x-0:1-1.noarch a\"b:c:1:d",
            "x\"-0:1-1.noarch a:b:1:c",
            "x-0:1-1.noarch a:b: 1:c",
            "x y-0:1-1.noarch a:b:1:c",
            "x-0:1-1.noarch a:b:1:c\n...")) {
      assertEquals("", ModuleMetadata.documents(List.of(line)), line);
    }
  }
}
