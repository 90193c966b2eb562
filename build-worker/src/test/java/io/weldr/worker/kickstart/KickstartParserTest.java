package io.weldr.worker.kickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KickstartParserTest {
  @Test
  void aTemplateIsCommandsScriptsAndOpenPackages() throws Exception {
    Kickstart template =
        KickstartParser.template(
            """
            # comment
            lang en_US.UTF-8

            bootloader --append="a b"
            %post --erroronfail
            lang in a script
              # indented
            %end
            %packages --nocore
            one
            # two
            three
            """);

    assertEquals(
        new Kickstart(
            List.of(
                Command.of("lang", "en_US.UTF-8"),
                Command.of("bootloader", "--append=a b"),
                new Script(List.of("--erroronfail"), "lang in a script\n  # indented\n"),
                new Packages(List.of("--nocore"), List.of("one", "three")))),
        template);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lang x\n",
        "%packages\n%end\n",
        "%packages\n%end\n%packages\n",
        "%frobnicate\n%end\n%packages\n",
        "%include /etc/passwd\n%packages\n",
        "%post\n",
        "lang \"x\n%packages\n",
        "lang x # comment\n%packages\n",
        "lang \\\nx\n%packages\n",
        "lang x\ry\n%packages\n",
        ""
      })
  void whatIsNotATemplateIsRefused(String text) {
    assertThrows(KickstartException.class, () -> KickstartParser.template(text));
  }

  @Test
  void sectionsEndWhereAnacondaSeesTheirEnd() throws Exception {
    String text =
        "%pre --interpreter=/usr/bin/python3\nx = 1\n%end \n%post\n%endless\n%end # post\n";
    Kickstart kickstart = KickstartParser.template(text + "%packages\n");

    assertEquals(
        List.of(
            new Script("%pre", List.of("--interpreter=/usr/bin/python3"), "x = 1\n"),
            new Script(List.of(), "%endless\n")),
        kickstart.scripts());
  }

  @Test
  void blanksAndCommentsAreWhereAnacondaAllowsThem() throws Exception {
    Kickstart kickstart =
        KickstartParser.template(
            "  # indented\n\t lang  C\n  %packages --ignoremissing\n"
                + "kernel # the newest\n  -plymouth*\t# none\n # alone\n");

    assertEquals(
        List.of(
            Command.of("lang", "C"),
            new Packages(List.of("--ignoremissing"), List.of("kernel", "-plymouth*"))),
        kickstart.sections());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%anaconda\npwpolicy root --minlen=6 --notstrict\n%end\n",
        "%certificate --filename=x.pem --dir=/etc/pki\n-----BEGIN CERTIFICATE-----\n%end\n",
        "%onerror --interpreter=/usr/bin/python3\nprint('%packages')\n%end\n",
        "%traceback\n%include no file\n%end\n",
        "%pre --log=/tmp/pre.log\necho \"part / --size=1\" > /tmp/part # x\n%end\n",
        "%addon org_fedora_oscap --x='a b'\n  profile = \"ospp\" # x\n%end\n",
        "url --mirrorlist=\"https://a/?x&y\" --noverifyssl\nrepo --name=x --cost=5 --baseurl=ftp://a\n",
        "bootloader --iscrypted --password='a\\b\"c' --driveorder=sda,sdb\n",
        "text\nskipx\npoweroff\nreboot --eject\nhalt\neula --agreed\nfrob --x y '' \"#z\"\n",
      })
  void whatOnlyAnacondaKnowsSurvives(String text) throws Exception {
    Kickstart read = KickstartParser.template(text + "%packages --default --timeout=5\n");

    assertEquals(read, KickstartParser.document(KickstartWriter.write(read)));
    assertEquals(
        text.lines().filter(l -> l.startsWith("%end")).count(),
        read.scripts().size() + read.addOns().size());
  }

  @Test
  void theLineOfAMistakeIsNamed() {
    KickstartException refused =
        assertThrows(
            KickstartException.class,
            () -> KickstartParser.template("lang x\n\n%frob y\n%end\n%packages\n"));
    assertEquals("line 3: the section %frob is not supported", refused.getMessage());
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    RandomWords random = new RandomWords(99);
    for (int i = 0; i < 2_000; i++) {
      List<Section> sections = new ArrayList<>();
      for (int j = 0; j < 5; j++) {
        sections.add(new Command("user", random.words()));
      }
      sections.add(new Script(random.words(), "echo " + random.word() + "\n"));
      sections.add(new AddOn(random.words(), "x " + random.word() + "\n"));
      sections.add(new Packages(List.of("--nocore"), List.of("a:all=1:2~b+c-3^d")));
      sections.add(new Command("sshkey", random.words()));
      Kickstart kickstart = new Kickstart(sections);

      assertEquals(kickstart, KickstartParser.document(KickstartWriter.write(kickstart)));
    }
  }

  @Test
  void aScriptCannotHideTheEndOfItsSection() {
    Kickstart kickstart = new Kickstart(List.of(new Script(List.of(), "a\n%end\nrootpw x\n")));
    assertThrows(KickstartException.class, () -> KickstartWriter.write(kickstart));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\nb", "%end", "%post", "a b", "--x", "-", "-a b", "-@x", "", "a#", "a\"", "#"})
  void onlyPackagesCanBeLinesOfPackages(String entry) {
    Kickstart kickstart = new Kickstart(List.of(new Packages(List.of(), List.of(entry))));
    assertThrows(KickstartException.class, () -> KickstartWriter.write(kickstart));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%post", "a b", "#x", "a\n", "A"})
  void onlyACommandCanBeginALine(String name) {
    Kickstart kickstart = new Kickstart(List.of(new Command(name, List.of())));
    assertThrows(KickstartException.class, () -> KickstartWriter.write(kickstart));
  }

  @Test
  void anUnknownOptionIsRefusedByName() {
    KickstartException refused =
        assertThrows(
            KickstartException.class,
            () -> Firewall.from(Command.of("firewall", "--enabled", "--trust=eth0")));
    assertTrue(refused.getMessage().contains("\"--trust\""), refused.getMessage());
    assertTrue(refused.getMessage().contains("\"firewall\""), refused.getMessage());
  }

  @Test
  void clearTextPasswordsAreRefused() {
    assertThrows(
        KickstartException.class,
        () -> RootPassword.from(Command.of("rootpw", "--plaintext", "secret")));
    assertThrows(
        KickstartException.class,
        () -> UserAccount.from(Command.of("user", "--name=a", "--password=secret")));
  }
}
