# make run         install what is missing, build, start both daemons, compose an image, show it
# make stop        end the daemons that `make run` left running
# make check       install what is missing, run every test
# make soak        half an hour of everything at random, SOAK_MINUTES=30
# make check-fast  the tests that need neither the archive nor minutes
# make check-boot  compose and start every bootable type; keeps the result in docs/boot-matrix.md
# make bench-images  composes against the bare tools and mkosi for the same packages; installs mkosi
# make golden      write what the server answers into the golden cases; review with git diff
# make install     into DESTDIR (default: the running system)
# make clean

PREFIX  ?= /usr
DESTDIR ?=
MVN     ?= mvn --batch-mode --no-transfer-progress
# Everything `make run` makes lives here; a directory that user weldr may search.
RUN_DIR ?= /var/lib/weldr-composer-run
SOAK_MINUTES ?= 30
# Of the benchmarks; the best one counts.
ROUNDS ?= 3
# `no` for packages, which run prepare-start on the machine they are installed on.
PREPARE_START ?= yes

LIB     := $(DESTDIR)$(PREFIX)/lib/weldr-composer
LIBEXEC := $(DESTDIR)$(PREFIX)/libexec/weldr-composer
SHARE   := $(DESTDIR)$(PREFIX)/share/weldr-composer
UNITS   := $(DESTDIR)$(PREFIX)/lib/systemd/system

.PHONY: run stop check check-fast check-boot bench-images golden soak build install clean setup units selinux

run: setup build
	system-tests/bin/first-compose $(RUN_DIR)

stop:
	system-tests/bin/first-compose --stop $(RUN_DIR)

# api-server and build-worker side by side: their tests wait more than they work. System tests run what both made.
check: setup units selinux
	$(MVN) -T 2 -pl proto,api-server,build-worker verify $(CHECK)
	$(MVN) -pl proto,system-tests verify -Dmaven.main.skip $(CHECK)

check-fast: CHECK = -Dtests.excluded=archive,slow,matrix
check-fast: check

golden: setup
	$(MVN) -q -pl api-server,build-worker -am test -Dtest=BlueprintGoldenTest,ComposeGoldenTest,GoldenPackagesTest,GoldenRpmTest,GoldenKickstartTest -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.write=true

check-boot: setup build
	rm -f system-tests/target/boot-matrix.rows
	$(MVN) -pl proto,system-tests verify -Dmaven.main.skip -Dtests.excluded= -Dtest='*BootMatrixTest,ReproducibleTest#a*' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dsurefire.rerunFailingTestsCount=0
	system-tests/bin/boot-report system-tests/target/boot-matrix.rows > docs/boot-matrix.md

bench-images: setup
	command -v mkosi >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y mkosi debootstrap >/dev/null
	$(MVN) -q package -DskipTests -Dspotless.check.skip
	cd system-tests && java=$$(. ../build-worker/src/main/sh/find-java && echo "$$JAVA") && \
	  "$$java" -cp 'target/test-classes:target/lib/*:../proto/target/*' io.weldr.systemtests.ImageBenchmark $(ROUNDS)

soak: setup build
	$(MVN) -pl proto,api-server,build-worker,system-tests verify -Dmaven.main.skip -Dtest=SoakTest \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dsurefire.rerunFailingTestsCount=0 -Dsoak.minutes=$(SOAK_MINUTES)

setup:
	.ci/setup

build:
	$(MVN) -q package -Dmaven.test.skip -Dspotless.check.skip

install:
	@test -d api-server/target/lib -a -d build-worker/target/lib || { echo "run 'make build' first" >&2; exit 1; }
	install -d $(LIB)/api-server $(LIB)/build-worker $(LIB)/native $(LIBEXEC) $(SHARE) $(UNITS) \
	  $(DESTDIR)$(PREFIX)/lib/sysusers.d $(DESTDIR)$(PREFIX)/lib/tmpfiles.d \
	  $(DESTDIR)$(PREFIX)/share/doc/weldr-composer $(DESTDIR)$(PREFIX)/share/selinux/devel/include/contrib
	rm -f $(LIB)/api-server/*.jar $(LIB)/build-worker/*.jar
	install -m 0644 api-server/target/lib/*.jar api-server/target/api-server-*.jar $(LIB)/api-server/
	install -m 0644 build-worker/target/lib/*.jar build-worker/target/build-worker-*.jar $(LIB)/build-worker/
	# Java checks a signed jar class by class at every start and puts no class of it into an archive; here root owns it.
	.ci/unsign $(LIB)/api-server/org.eclipse.jgit-*.jar
	# Native libraries lie unpacked in a directory of root's instead of being extracted at run time.
	unzip -qojp build-worker/target/lib/junixsocket-native-common-*.jar \
	  'lib/'$$(dpkg --print-architecture | sed 's/arm64/aarch64/')'-Linux-clang/jni/libjunixsocket-native-*[0-9].so' > $(LIB)/native/libjunixsocket-native.so
	unzip -qojp build-worker/target/lib/jffi-*-native.jar 'jni/'$$(uname -m)'-Linux/libjffi-*.so' > $(LIB)/native/libjffi-1.2.so
	install -m 0755 api-server/src/main/sh/api-server build-worker/src/main/sh/build-worker $(LIBEXEC)/
	install -m 0755 build-worker/src/main/sh/release-controllers build-worker/src/main/sh/prepare-start $(LIBEXEC)/
	install -m 0644 build-worker/src/main/sh/find-java $(LIBEXEC)/
	rm -rf $(SHARE)/composer $(SHARE)/distros $(SHARE)/depsolve $(SHARE)/blueprints
	cp -R share/composer share/distros share/depsolve share/blueprints $(SHARE)/
	find $(SHARE) -name __pycache__ -prune -exec rm -rf {} +
	chmod -R u=rwX,go=rX $(SHARE)
	install -m 0644 systemd/*.service systemd/*.socket $(UNITS)/
	install -m 0644 systemd/weldr-composer.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/weldr-composer.conf
	install -m 0644 systemd/weldr-composer.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/weldr-composer.conf
	install -m 0644 selinux/weldr_composer.if $(DESTDIR)$(PREFIX)/share/selinux/devel/include/contrib/
	install -m 0644 README.md CHANGELOG.md SECURITY.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/weldr-composer/
	test $(PREPARE_START) = no || $(LIBEXEC)/prepare-start

# systemd-analyze answers 0 for unknown keys, so anything it says is a failure. It looks for the
# programs of ExecStart, so it is shown an empty tree that has them.
units:
	rm -rf target/units && install -d target/units/usr/lib/systemd/system target/units/usr/libexec/weldr-composer target/units/usr/share/doc/weldr-composer
	cp systemd/*.service systemd/*.socket target/units/usr/lib/systemd/system/
	install -m 0755 api-server/src/main/sh/api-server build-worker/src/main/sh/build-worker build-worker/src/main/sh/release-controllers target/units/usr/libexec/weldr-composer/
	cp README.md target/units/usr/share/doc/weldr-composer/
	for unit in basic sysinit shutdown sockets network-online multi-user; do \
	  printf '[Unit]\nDescription=%s\n' $$unit > target/units/usr/lib/systemd/system/$$unit.target; done
	said=$$(systemd-analyze verify --man=no --root=target/units weldr-composer.socket weldr-composer.service weldr-composer-worker.service 2>&1) ; \
	  test -z "$$said" || { echo "$$said"; exit 1; }

selinux:
	rm -rf target/selinux && install -d target/selinux && cp selinux/* target/selinux/
	$(MAKE) -s -C target/selinux -f /usr/share/selinux/devel/Makefile weldr_composer.pp

clean:
	$(MVN) -q clean
	rm -rf target
