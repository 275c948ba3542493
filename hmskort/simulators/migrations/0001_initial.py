import hmskort.common.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Fault',
            fields=[
                ('service', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('mode', models.CharField(choices=[('slow', 'svarer tregt'), ('silent', 'svarer ikke'), ('lost', 'gjør det, men svaret kommer ikke fram'), ('500', 'svarer 500'), ('429', 'svarer 429 med Retry-After'), ('garbage', 'svarer med søppel'), ('wrong_shape', 'svarer med feil form'), ('wall', 'brannmur svarer med HTML')], max_length=20)),
                ('seconds', models.FloatField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=200)),
                ('body', models.JSONField()),
                ('changed_at', models.DateTimeField(default=hmskort.common.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('collection', 'key'), name='document_key')],
            },
        ),
        migrations.CreateModel(
            name='FeedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('feed', models.CharField(max_length=60)),
                ('sequence', models.PositiveBigIntegerField()),
                ('body', models.JSONField()),
                ('at', models.DateTimeField(default=hmskort.common.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('feed', 'sequence'), name='feed_order')],
            },
        ),
    ]
